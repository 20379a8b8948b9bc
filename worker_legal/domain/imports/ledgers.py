"""Which column of an office's ledger means what, and the office's words for our codes."""

import unicodedata
from collections.abc import Mapping
from typing import TypeVar

from worker_legal.i18n import N_
from worker_legal.law.enums import Channel, DisputeKind, Gender, Outcome, Stage
from worker_legal.law.stages import SPECS

T = TypeVar("T")


def _words(text: str) -> tuple[str, ...]:
    """The names offices give one column, the usual one first."""
    return tuple(text.split())


# the number the system gave the case: by it a ledger that went out is known when it comes back
CASE_NO = "case_no"
CASES: Mapping[str, tuple[str, ...]] = {
    "serial": _words(
        "序号 编号 台账序号 案件编号 登记号 登记编号 登记序号 受理编号 受理号 案件号 卷宗号 流水号"
    ),
    "registered_on": _words(
        "接访日期 登记日期 受理日期 来访日期 日期 接待日期 接待时间 来访时间 登记时间 受理时间 "
        "申请时间 申请日期 接访时间 来访日 受理日 登记日 立案日期 立案时间 收案日期 收案时间 "
        "接案日期 接案时间 咨询日期 咨询时间 来电时间 时间"
    ),
    "channel": _words(
        "来访方式 渠道 来源 受理方式 接待方式 受理渠道 案件来源 案源 来源渠道 信息来源 来访形式 "
        "咨询方式 接访方式 反映渠道 申请方式"
    ),
    "site": _words(
        "受理点位 站点 受理站点 受理点 接访地点 点位 接待点 所属站点 工作站 服务点 站点名称 "
        "受理机构 调解组织 受理地点 接待地点 工作室 调解室 所属园区 园区 受理单位"
    ),
    "name": _words(
        "职工姓名 姓名 申请人 当事人 职工 劳动者 劳动者姓名 来访人 来访人姓名 申请人姓名 "
        "工人姓名 受援人 受援人姓名 咨询人 咨询人姓名 投诉人 投诉人姓名 反映人 反映人姓名 求助人 "
        "当事人姓名 员工姓名 员工 信访人 工人 申请方 来电人 来访者 来访职工 职工代表"
    ),
    "gender": _words("性别"),
    "id_no": _words(
        "身份证号码 身份证号 证件号码 身份证 公民身份号码 证件号 身份证件号码 身份证编号 "
        "居民身份证号 公民身份证号码 受援人身份证号 申请人身份证号 职工身份证号"
    ),
    "phone": _words(
        "联系电话 电话 手机 手机号码 手机号 联系方式 电话号码 联系号码 联络电话 受援人电话 "
        "申请人电话 职工电话 手机电话"
    ),
    "people": _words(
        "涉及人数 人数 涉及职工人数 职工人数 涉及职工 涉案人数 涉及人员 涉及人员数 当事人数 "
        "涉及劳动者人数 受援人数 申请人数 涉及员工人数 涉事人数"
    ),
    "employer": _words(
        "用人单位 单位名称 被申请人 企业名称 用人单位名称 被申请单位 被诉单位 所在单位 工作单位 "
        "单位 企业 公司名称 对方当事人 被申请方 被投诉单位 被投诉企业 涉事单位 涉事企业 涉及单位 "
        "涉及企业 用工单位 用工企业 所属企业 所属单位 公司 被告 用人单位全称 单位全称 争议单位 "
        "被反映单位 被申请人名称 涉案单位 涉案企业"
    ),
    "uscc": _words("统一社会信用代码 信用代码 社会信用代码 组织机构代码 单位信用代码 企业信用代码"),
    "kind": _words(
        "纠纷类型 争议类型 案由 事由 争议事项 纠纷类别 争议类别 案件类型 事项类别 反映事项 "
        "纠纷性质 争议性质 案件性质 案件类别 问题类型 问题类别 诉求类型 诉求类别 咨询类型 "
        "咨询事项 援助事项 涉及事项 事项 类型 类别 来访事由 接访事由 纠纷事由 申请事由"
    ),
    "story": _words(
        "诉求摘要 诉求 主要诉求 案情 主要诉求内容 案情摘要 案情简介 反映问题 反映内容 咨询内容 "
        "主要内容 内容 案件简介 案件概况 基本情况 基本案情 具体诉求 诉求内容 争议内容 主要事实"
    ),
    "amount": _words(
        "涉及金额（元） 金额 涉案金额 诉求金额 标的额 争议金额 涉及标的 申请金额 标的 标的金额 "
        "争议标的 涉案标的 请求金额 主张金额 诉求标的 欠薪金额 拖欠金额 争议标的额 涉案标的额"
    ),
    "method": _words(
        "办理方式 处理方式 环节 服务方式 办理途径 处理途径 程序 处置方式 化解方式 解决方式 "
        "援助方式 处理程序 服务类型 服务类别 办理类型 办理环节"
    ),
    "result": _words(
        "办理结果 处理结果 结果 办结情况 办理情况 处理情况 结案方式 调解结果 处置结果 化解结果 "
        "援助结果 案件结果 办结结果 结案情况 处置情况 办理状态 状态 调解情况 化解情况 结案结果 "
        "案件状态"
    ),
    "settled": _words(
        "协议/裁决金额（元） 协议金额 结案金额 裁决金额 到手金额 达成金额 挽回金额 结案标的额 "
        "挽回损失 挽回经济损失 追回金额 调解金额 调解协议金额 赔付金额 兑付金额 支付金额 "
        "挽回损失金额 追讨金额 履行金额 补偿金额"
    ),
    "closed_on": _words(
        "结案日期 办结日期 结案时间 办结时间 办结日 结案日 完成日期 完成时间 完结日期 化解时间 "
        "终结日期"
    ),
    "handler": _words(
        "经办人 承办人 办理人 接待人 承办 责任人 工作人员 调解员 接访人 接访人员 经办 经办人员 "
        "办案人 办案人员 承办人员 承办律师 援助律师 值班律师 律师 接待人员 受理人 受理人员 "
        "登记人 登记人员 调解人 主办人 接待人签字"
    ),
    "remark": _words("备注 说明 附注 备注说明"),
    CASE_NO: _words("案号 系统案号"),
}
# columns that a ledger may have and a case does not; nobody need be asked what they are
UNUSED = frozenset(
    _words(
        "年龄 出生日期 出生年月 民族 籍贯 户籍 住址 家庭住址 地址 联系地址 文化程度 学历 职业 "
        "职务 工种 岗位 部门 政治面貌 签字 签名 当事人签字 附件 附件数 是否群体 是否群体性 "
        "是否农民工 农民工 是否回访 回访 回访情况 满意度 是否归档 归档 归档情况 单位地址 "
        "单位电话 法定代表人 单位联系人 企业类型 页码"
    )
)
CASES_NEED = ("serial", "registered_on", "name", "employer", "kind", "method", "result")

ROSTER: Mapping[str, tuple[str, ...]] = {
    "serial": ("台账序号", "序号", "案件序号"),
    "name": ("姓名", "职工姓名"),
    "gender": ("性别",),
    "id_no": CASES["id_no"],
    "phone": CASES["phone"],
    "amount": CASES["amount"],
    "representative": ("是否代表", "代表"),
}
ROSTER_NEED = ("serial", "name")

INJURIES: Mapping[str, tuple[str, ...]] = {
    "serial": ("台账序号", "序号", "案件序号"),
    "name": ("职工姓名", "姓名"),
    "id_no": CASES["id_no"],
    "injured_on": ("受伤日期", "事故日期"),
    "filed_on": ("申请日期",),
    "applicant": ("申请人",),
    "accepted_on": ("受理日期",),
    "conclusion": ("认定结论", "结论"),
    "concluded_on": ("认定日期",),
    "grade": ("伤残等级", "等级"),
}
INJURIES_NEED = ("serial", "name", "filed_on")

LABELS: Mapping[str, str] = {
    "serial": N_("序号"),
    "registered_on": N_("登记日期"),
    "channel": N_("来访方式"),
    "site": N_("站点"),
    "name": N_("职工姓名"),
    "gender": N_("性别"),
    "id_no": N_("身份证号码"),
    "phone": N_("联系电话"),
    "people": N_("涉及人数"),
    "employer": N_("用人单位"),
    "uscc": N_("统一社会信用代码"),
    "kind": N_("纠纷类型"),
    "story": N_("诉求摘要"),
    "amount": N_("涉及金额"),
    "method": N_("办理方式"),
    "result": N_("办理结果"),
    "settled": N_("协议或裁决金额"),
    "closed_on": N_("结案日期"),
    "handler": N_("经办人"),
    "remark": N_("备注（不导入）"),
    CASE_NO: N_("案号"),
    "representative": N_("是否代表"),
    "injured_on": N_("受伤日期"),
    "filed_on": N_("申请日期"),
    "applicant": N_("申请人"),
    "accepted_on": N_("受理日期"),
    "conclusion": N_("认定结论"),
    "concluded_on": N_("认定日期"),
    "grade": N_("伤残等级"),
}

# --- the words in the cells ---------------------------------------------------------


def spelled(text: str) -> str:
    """A word in one spelling: half-width, without spaces, without a full stop behind it."""
    return "".join(unicodedata.normalize("NFKC", text).split()).strip(",.;:、。")


def _each(groups: Mapping[T, str]) -> dict[str, T]:
    """One entry per word; the words of a code are written in one line."""
    return {spelled(word): code for code, words in groups.items() for word in words.split()}


CHANNELS: Mapping[str, Channel] = {
    **{channel.label: channel for channel in Channel},
    **_each(
        {
            Channel.WALK_IN: "来访 现场 上门 上门来访 现场接待 现场咨询 窗口 "
            "窗口接待 当面 面谈 走访",
            Channel.PHONE: "来电 电话咨询 来电咨询 电话接待",
            Channel.UNION_HOTLINE: "12351 12351转办 12351热线 12351转 工会热线 职工维权热线",
            Channel.CITY_HOTLINE: "12345 12345转办 12345热线 12345转 12345便民热线 "
            "政务热线 便民热线",
            Channel.QR: "网上 扫码 网络 线上 微信 公众号 小程序 二维码 扫码登记 网上申请 线上申请",
            Channel.TRANSFER_IN: "转入 转办 移送 移交 交办 上级交办 部门转办 部门移送 法院委派 "
            "法院委托 仲裁委托 仲裁委派 信访转办 其他部门转入",
        }
    ),
}
KIND_TAILS = ("纠纷", "争议", "问题", "案件", "类")
KINDS: Mapping[str, DisputeKind] = {
    **{kind.label: kind for kind in DisputeKind},
    **_each(
        {
            DisputeKind.PAY: "拖欠工资 欠薪 工资 加班费 加班工资 讨薪 追索劳动报酬 工资报酬 奖金 "
            "提成 拖欠劳动报酬 克扣工资 工资拖欠 追讨工资 报酬",
            DisputeKind.SOCIAL_INSURANCE: "社保 社会保险待遇 社保待遇 养老保险 医疗保险 失业保险 "
            "生育保险 补缴社保 未缴社保",
            DisputeKind.WORK_INJURY: "工伤 工伤赔偿 工伤保险待遇 工伤保险 职业病 伤残待遇 工亡",
            DisputeKind.WELFARE: "福利 高温津贴",
            DisputeKind.RELATION: "劳动关系 劳动关系确认 确认事实劳动关系",
            DisputeKind.CONTRACT: "劳动合同 签订劳动合同 未签劳动合同 未签订劳动合同 变更劳动合同 "
            "订立劳动合同",
            DisputeKind.TERMINATION: "经济补偿 经济补偿金 解除劳动合同 终止劳动合同 违法解除 "
            "解除劳动关系 赔偿金 解除合同 解除或终止劳动合同 辞退 经济赔偿金 违法解除劳动合同 裁员",
            DisputeKind.HOURS_LEAVE: "工作时间 休息休假 年休假 带薪年休假 工时",
            DisputeKind.COLLECTIVE_CONTRACT: "集体合同",
            DisputeKind.OTHER: "其它 其他劳动",
        }
    ),
}
METHODS: Mapping[str, Stage] = {
    **{stage.label: stage for stage in Stage},
    **_each(
        {
            Stage.CONSULTATION: "法律咨询 咨询服务 咨询解答 接待咨询 咨询接待 政策咨询 解答",
            Stage.LEGAL_AID: "法律援助 申请援助 援助申请 指派律师",
            Stage.MEDIATION: "现场调解 人民调解 劳动争议调解 调解处理 调处 协商 协商调解 行政调解 "
            "协商和解 联合调解 调解室调解",
            Stage.ARBITRATION: "劳动仲裁 申请仲裁 仲裁裁决 劳动争议仲裁 仲裁处理",
            Stage.LITIGATION: "起诉 法院诉讼 法院 法院判决",
            Stage.ENFORCEMENT: "强制执行 申请执行 法院执行",
            Stage.PROCURATORATE: "检察监督 支持起诉 检察院",
            Stage.INSPECTION: "劳动监察 劳动保障监察 监察投诉 投诉举报 监察处理",
            Stage.WORK_INJURY: "工伤认定申请 申请工伤认定 认定工伤",
        }
    ),
}
# what stands where a matter goes on still
OPEN_RESULTS = frozenset(
    (
        *("", "办理中", "在办", "未结", "正在办理", "处理中", "正在处理", "进行中", "未办结"),
        *("未结案", "待办", "待处理", "跟进中", "调解中", "仲裁中", "审理中", "援助中", "执行中"),
    )
)
_RESULTS: Mapping[Stage, Mapping[Outcome, str]] = {
    Stage.CONSULTATION: {
        Outcome.ADVISED: "已答复 答复 解答 已咨询 已回复 已告知 已解释 已办结 办结 已结案 咨询解答",
        Outcome.REFERRED: "转介 已转介 已转办 引导仲裁 引导诉讼 转其他部门 已移交 引导至其他部门",
    },
    Stage.LEGAL_AID: {
        Outcome.AID_GRANTED: "已指派律师 指派律师 予以援助 同意援助 已援助 提供援助 已提供援助",
        Outcome.AID_REFUSED: "不予援助 不符合条件 不同意援助",
    },
    Stage.MEDIATION: {
        Outcome.AGREED: "达成调解协议 调解成功 达成调解 已达成协议 成功 调解达成协议 签订协议 "
        "签订调解协议 达成一致 调解结案 已达成调解协议 双方达成协议",
        Outcome.RECONCILED: "和解 已和解 双方和解 协商和解 和解结案",
        Outcome.FAILED: "调解失败 未达成协议 未达成 不成 失败 终止调解 调解终止 调解不成功 未成功 "
        "调解未成 未达成调解协议 调解未成功 不成功",
    },
    Stage.ARBITRATION: {
        Outcome.MEDIATED: "仲裁调解 调解 调解结案 调解书 达成调解",
        Outcome.AWARDED: "已裁决 仲裁裁决 裁决结案 裁决书 作出裁决",
        Outcome.RECONCILED: "和解 已和解",
    },
    Stage.LITIGATION: {
        Outcome.JUDGMENT_FIRST: "判决 已判决 判决结案 一审判决书 法院判决",
        Outcome.JUDGMENT_FINAL: "二审判决 终审",
        Outcome.MEDIATED: "法院调解 调解 调解结案 调解书",
    },
    Stage.ENFORCEMENT: {
        Outcome.PERFORMED: "执行完毕 执行到位 已执行 全部履行 已履行",
        Outcome.PARTLY_PERFORMED: "部分执行 部分到位",
        Outcome.TERMINATED_FOR_NOW: "终本 终结执行 终结本次执行程序",
        Outcome.RECONCILED: "和解 执行和解",
    },
    Stage.INSPECTION: {
        Outcome.ORDERED: "限期改正 责令支付 责令限期改正",
        Outcome.ORDER_OBEYED: "已改正 已支付 已履行",
        Outcome.NO_VIOLATION: "未发现违法行为 不予立案",
    },
    Stage.WORK_INJURY: {
        Outcome.RECOGNISED: "认定为工伤 认定 已认定 予以认定",
        Outcome.NOT_RECOGNISED: "不予认定 不认定",
    },
}
RESULTS: Mapping[tuple[Stage, str], Outcome] = {
    **{(stage, outcome.label): outcome for stage in Stage for outcome in SPECS[stage].outcomes},
    **{
        (stage, word): outcome
        for stage, groups in _RESULTS.items()
        for word, outcome in _each(groups).items()
    },
    **{
        (stage, word): Outcome.WITHDRAWN for stage in Stage for word in ("撤回", "撤诉", "撤销申请")
    },
}
CONCLUSIONS = {
    "认定为工伤": Outcome.RECOGNISED,
    "认定工伤": Outcome.RECOGNISED,
    "不予认定": Outcome.NOT_RECOGNISED,
    "不予认定工伤": Outcome.NOT_RECOGNISED,
}
APPLICANTS = {"职工本人": "worker", "近亲属": "kin", "工会": "union", "用人单位": "employer"}
GENDERS = {"男": Gender.MALE, "女": Gender.FEMALE}
