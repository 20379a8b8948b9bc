"""What each published figure counts (口径), version by version; a lock keeps its version."""

from collections.abc import Mapping

from worker_legal.i18n import N_

_FIRST: Mapping[str, str] = {
    "cases": N_("期间内登记的全部案件，含咨询；不含误登作废的"),
    "people": N_("这些案件的职工，同一证件号码只算一人，身份待补的每次算一人"),
    "person_times": N_("每个案件的职工人数相加，同一人在几个案件里就算几次"),
    "amount": N_("这些案件登记时的涉案金额相加"),
    "agreed": N_("这些案件调解协议写明的金额相加，和实际到账是两回事"),
    "received": N_("这些案件已登记到账的金额相加"),
    "work_injury_people": N_("按申请日期在期间内申请工伤认定的职工，同一人只算一次"),
    "closed": N_("其中现在已经结案的"),
    "open": N_("其中现在还没有结案的"),
    "collective": N_("其中职工10人以上的案件（调解仲裁法第7条）"),
    "balance": N_("结转＝期初未结，未结＝期末未结；结转＋新收＝结案＋未结"),
    "change": N_("（本期案件数 − 对比案件数）÷ 对比案件数"),
}
_SECOND: Mapping[str, str] = {
    **_FIRST,
    "awarded": N_("期间内登记的案件里，仲裁裁决写明的金额相加；判决的金额不算在内"),
    "mediation_success": N_(
        "期间内调解已结的案件里，达成协议或自行和解的 ÷ 全部调解已结的（含调解不成和撤回）"
    ),
    "closing": N_("期间内结案的 ÷（结转＋新收）"),
    "on_time": N_(
        "期间内结案、办理有法定期限的案件里，各程序都没有超过期限（含依法延期）的 ÷ 全部这样的案件"
    ),
    "in_park": N_("期间内结案的案件里，只经过咨询、援助、调解，也没有转介出去的 ÷ 全部结案的"),
    "final_award": N_("期间内有仲裁裁决的案件里，送达时登记为终局裁决的 ÷ 全部有裁决的"),
    "one_trip": N_("期间内结案的案件里，职工最多跑了一次的 ÷ 全部结案的"),
    "trips": N_("期间内结案的案件里，职工来访次数相加 ÷ 案件数；登记时现场来访算一次"),
    "days": N_("期间内结案的案件，从登记到结案的天数；平均数和中位数都列出"),
    "manner": N_("期间内结案的案件：调解方式是达成协议、和解和调解书，裁判方式是裁决和判决"),
}
_THIRD: Mapping[str, str] = {
    **_SECOND,
    "on_time": N_(
        "期间内办结（含撤回）、有法定办理期限的程序里，没有超过期限（含依法延期、扣除）的 ÷ "
        "全部这样的程序；按程序数，不按案件数"
    ),
    "trips_per_worker": N_(
        "期间内结案的案件里，职工来访次数相加 ÷ 这些案件的职工人数（同一人只算一次）"
    ),
    "visits": N_(
        "期间内职工到场的次数：现场登记算一次，以后每次来访各算一次；"
        "当天记下的按记下的钟点，补记、更正和台账导入的钟点不明"
    ),
    "ways": N_(
        "期间内登记的案件，从一个程序接着办另一个的；登记时没有注明接着哪个的，"
        "接着此前最近办结的那个。一起案件同一去向只算一次"
    ),
    "employer_class": N_(
        "按案件第一个单位登记的行业门类和企业规模；没有单位、没有填的列在“未填”，各行相加等于全部案件"
    ),
    "employers": N_("期间内登记的案件里，作为当事人的单位，案件多的在前，列十家；个人雇主不列"),
    "result": N_(
        "期间内裁判方式结案的案件，按最后一份有效的裁决书、判决书登记的结果分；没有登记的单列"
    ),
    "warned": N_(
        "期间内登记的案件里，90天内有3起以上劳动报酬争议的单位；列出它在期间内的全部劳动报酬案件"
    ),
}
BY_VERSION: Mapping[int, Mapping[str, str]] = {1: _FIRST, 2: _SECOND, 3: _THIRD}
# raised with every change of a definition; a locked report keeps the number it was made under
DEFINITIONS_VERSION = max(BY_VERSION)
DEFINITIONS = BY_VERSION[DEFINITIONS_VERSION]
