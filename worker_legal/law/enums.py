"""Codes of the office with their Chinese labels; the value is what the database keeps."""

from enum import StrEnum
from typing import Self

from worker_legal.i18n import N_


class LabelledEnum(StrEnum):
    """An enum whose members carry the word the office uses for them."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """Make a code that knows its Chinese label."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Stage(LabelledEnum):
    """The nine services behind the one door; each proceeding belongs to one."""

    CONSULTATION = "consultation", N_("咨询")
    LEGAL_AID = "legal_aid", N_("援助")
    MEDIATION = "mediation", N_("调解")
    ARBITRATION = "arbitration", N_("仲裁")
    LITIGATION = "litigation", N_("诉讼")
    ENFORCEMENT = "enforcement", N_("执行")
    PROCURATORATE = "procuratorate", N_("检察")
    INSPECTION = "inspection", N_("监察")
    WORK_INJURY = "work_injury", N_("工伤认定")


class Status(LabelledEnum):
    """Where one proceeding stands."""

    APPLIED = "applied", N_("已申请")
    ACCEPTED = "accepted", N_("已受理")
    SUSPENDED = "suspended", N_("中止")
    REJECTED = "rejected", N_("不予受理")
    WITHDRAWN = "withdrawn", N_("已撤回")
    CONCLUDED = "concluded", N_("已办结")


class CaseStatus(LabelledEnum):
    """Where the case as a whole stands."""

    OPEN = "open", N_("在办")
    CLOSED = "closed", N_("已结")
    VOID = "void", N_("误登作废")


class EventKind(LabelledEnum):
    """Everything that can happen to a case."""

    REGISTERED = "registered", N_("登记")
    APPLIED = "applied", N_("申请")
    MATERIALS_RECEIVED = "materials_received", N_("收到材料")
    CORRECTION_NOTICED = "correction_noticed", N_("一次性告知补正")
    MATERIALS_COMPLETED = "materials_completed", N_("材料补齐")
    ACCEPTED = "accepted", N_("受理")
    REJECTED = "rejected", N_("不予受理")
    SUSPENDED = "suspended", N_("中止")
    RESUMED = "resumed", N_("恢复")
    EXTENDED = "extended", N_("延期")
    WITHDRAWN = "withdrawn", N_("撤回")
    CONCLUDED = "concluded", N_("办结")
    PUBLIC_NOTICE = "public_notice", N_("公告送达")
    COPY_SERVED = "copy_served", N_("副本送达被申请人")
    ANSWER_RECEIVED = "answer_received", N_("收到答辩书")
    CLAIMS_CHANGED = "claims_changed", N_("增加或变更请求")
    HEARING_SCHEDULED = "hearing_scheduled", N_("排期")
    HEARING_HELD = "hearing_held", N_("开庭或调解会")
    HEARING_ADJOURNED = "hearing_adjourned", N_("改期")
    EVIDENCE_FILED = "evidence_filed", N_("提交证据")
    AWARD_SERVED = "award_served", N_("收到裁决书")
    JUDGMENT_SERVED = "judgment_served", N_("收到判决书")
    RULING_SERVED = "ruling_served", N_("收到裁定书")
    DECISION_MADE = "decision_made", N_("作出决定")
    DECISION_SERVED = "decision_served", N_("收到决定书")
    AGREEMENT_SIGNED = "agreement_signed", N_("签订调解协议")
    AGREEMENT_EFFECTIVE = "agreement_effective", N_("调解协议生效")
    RATIFICATION_APPLIED = "ratification_applied", N_("申请审查或确认")
    RATIFIED = "ratified", N_("审查或确认通过")
    AID_GRANTED = "aid_granted", N_("决定给予援助")
    LAWYER_ASSIGNED = "lawyer_assigned", N_("指派律师")
    DOCUMENT_EFFECTIVE = "document_effective", N_("法律文书生效")
    PERFORMANCE_ENDED = "performance_ended", N_("履行期限届满")
    INTERRUPTED = "interrupted", N_("时效中断")
    PAID = "paid", N_("付款到账")
    ANSWER_SERVED = "answer_served", N_("答辩书送达申请人")
    TRIBUNAL_NOTICED = "tribunal_noticed", N_("通知仲裁庭组成")
    HEARING_NOTICED = "hearing_noticed", N_("送达开庭通知")
    PARTY_JOINED = "party_joined", N_("追加当事人")
    COUNTERCLAIM_ACCEPTED = "counterclaim_accepted", N_("受理反申请")
    TRANSFERRED_IN = "transferred_in", N_("移送管辖后收案")
    POSTED = "posted", N_("留置或张贴送达")
    NOTICE_SERVED = "notice_served", N_("收到告知书或举证通知")
    ORDER_SERVED = "order_served", N_("收到支付令")
    OBJECTION_FILED = "objection_filed", N_("提出异议")
    PRESERVED = "preserved", N_("采取财产保全")
    INVESTIGATED = "investigated", N_("调查终结")
    DEMAND_SERVED = "demand_served", N_("收到催告书")
    RATIFICATION_ACCEPTED = "ratification_accepted", N_("受理审查或确认申请")
    RECONSIDERATION_APPLIED = "reconsideration_applied", N_("申请行政复议")
    RECONSIDERATION_ACCEPTED = "reconsideration_accepted", N_("受理行政复议")
    RECONSIDERATION_SERVED = "reconsideration_served", N_("收到复议决定")
    APPRAISAL_APPLIED = "appraisal_applied", N_("申请劳动能力鉴定")
    APPRAISAL_CONCLUDED = "appraisal_concluded", N_("作出鉴定结论")
    APPRAISAL_SERVED = "appraisal_served", N_("收到鉴定结论")
    REPORT_FILED = "report_filed", N_("提交结案报告")
    VISIT = "visit", N_("来访")
    CALL = "call", N_("电话")
    NOTE = "note", N_("记事")
    REFERRED = "referred", N_("转介")
    ASSIGNED = "assigned", N_("交办")
    HANDED_OVER = "handed_over", N_("移交站点")
    RECEIPT_ISSUED = "receipt_issued", N_("发放回执")
    PARTY_CHANGED = "party_changed", N_("当事人变更")
    FACTS_CHANGED = "facts_changed", N_("事实日期变更")
    CASE_CHANGED = "case_changed", N_("登记事项变更")
    CALCULATED = "calculated", N_("计算结果")
    CLOSED = "closed", N_("结案")
    REOPENED = "reopened", N_("复立")
    VOIDED = "voided", N_("作废")


class Outcome(LabelledEnum):
    """How a proceeding or a case ended."""

    ADVISED = "advised", N_("已解答")
    REFERRED = "referred", N_("转介其他单位")
    NOT_ACCEPTED = "not_accepted", N_("不予受理")
    AID_GRANTED = "aid_granted", N_("给予援助")
    AID_REFUSED = "aid_refused", N_("不予援助")
    AGREED = "agreed", N_("达成协议")
    RECONCILED = "reconciled", N_("自行和解")
    FAILED = "failed", N_("调解不成")
    AWARDED = "awarded", N_("裁决")
    MEDIATED = "mediated", N_("调解书结案")
    JUDGMENT_FIRST = "judgment_first", N_("一审判决")
    JUDGMENT_FINAL = "judgment_final", N_("终审判决")
    PERFORMED = "performed", N_("履行完毕")
    PARTLY_PERFORMED = "partly_performed", N_("部分履行")
    TERMINATED_FOR_NOW = "terminated_for_now", N_("终结本次执行")
    ORDERED = "ordered", N_("责令改正")
    ORDER_OBEYED = "order_obeyed", N_("责令改正已履行")
    ORDER_IGNORED = "order_ignored", N_("责令改正未履行")
    NO_VIOLATION = "no_violation", N_("未发现违法")
    RECOGNISED = "recognised", N_("认定工伤")
    NOT_RECOGNISED = "not_recognised", N_("不予认定工伤")
    SUIT_SUPPORTED = "suit_supported", N_("支持起诉")
    SUPERVISED = "supervised", N_("提出监督意见")
    NOT_SUPPORTED = "not_supported", N_("不支持起诉")
    WITHDRAWN = "withdrawn", N_("撤回申请")


class DisputeKind(LabelledEnum):
    """What the dispute is about; the main cause of a case (statutes §11)."""

    PAY = "pay", N_("劳动报酬")
    SOCIAL_INSURANCE = "social_insurance", N_("社会保险")
    WORK_INJURY = "work_injury", N_("工伤待遇")
    WELFARE = "welfare", N_("福利待遇")
    RELATION = "relation", N_("确认劳动关系")
    CONTRACT = "contract", N_("订立或变更劳动合同")
    TERMINATION = "termination", N_("解除、终止劳动合同")
    HOURS_LEAVE = "hours_leave", N_("工作时间及休假")
    COLLECTIVE_CONTRACT = "collective_contract", N_("履行集体合同")
    OTHER = "other", N_("其他")


class Channel(LabelledEnum):
    """How the matter came in (渠道)."""

    WALK_IN = "walk_in", N_("现场来访")
    PHONE = "phone", N_("电话")
    UNION_HOTLINE = "hotline_12351", N_("12351工会热线")
    CITY_HOTLINE = "hotline_12345", N_("12345政务热线")
    QR = "qr", N_("扫码")
    TRANSFER_IN = "transfer_in", N_("转入")


class Who(LabelledEnum):
    """Whose move it is until a date."""

    WORKER = "worker", N_("职工")
    EMPLOYER = "employer", N_("单位")
    BOTH = "both", N_("双方")
    EITHER = "either", N_("任一方")
    AGENCY = "agency", N_("承办机关")
    OFFICE = "office", N_("本中心")


class DeadlineState(LabelledEnum):
    """What has become of a date."""

    OPEN = "open", N_("未到期")
    MET = "met", N_("已办")
    LAPSED = "lapsed", N_("已过期")
    CANCELLED = "cancelled", N_("已取消")


class OrgKind(LabelledEnum):
    """The four levels of the tree, highest first: 一中心一站一室一点."""

    CENTRE = "centre", N_("中心")
    STATION = "station", N_("站")
    ROOM = "room", N_("室")
    POINT = "point", N_("点")


class IdType(LabelledEnum):
    """Which identity paper a number stands on (statutes §12)."""

    RESIDENT = "resident", N_("居民身份证")
    HMT_RESIDENT = "hmt_resident", N_("港澳台居民居住证")
    FOREIGN_PR = "foreign_pr", N_("外国人永久居留身份证")
    HM_PASS = "hm_pass", N_("港澳居民来往内地通行证")
    TW_PASS = "tw_pass", N_("台湾居民来往大陆通行证")
    PASSPORT = "passport", N_("护照")
    OTHER = "other", N_("其他证件")
    NONE = "none", N_("没有证件")


class Gender(LabelledEnum):
    """Sex as printed on the paper."""

    MALE = "male", N_("男")
    FEMALE = "female", N_("女")
    UNKNOWN = "unknown", N_("未填")


class Flag(LabelledEnum):
    """Urgency and vulnerability of a case (features A8)."""

    MINOR = "minor", N_("未成年")
    PREGNANT = "pregnant", N_("孕期或哺乳期")
    DISABLED = "disabled", N_("残疾")
    ELDERLY = "elderly", N_("超过60岁")
    PETITION_RISK = "petition_risk", N_("可能群体上访")
    URGENT = "urgent", N_("紧急")


class Side(LabelledEnum):
    """On which side of the case a party stands."""

    APPLICANT = "applicant", N_("申请方")
    RESPONDENT = "respondent", N_("被申请方")


class Capacity(LabelledEnum):
    """In what capacity a party takes part (features B8)."""

    WORKER = "worker", N_("职工")
    EMPLOYER = "employer", N_("用人单位")
    DISPATCH_AGENCY = "dispatch_agency", N_("劳务派遣单位")
    HOST_EMPLOYER = "host_employer", N_("用工单位")
    CONTRACTOR = "contractor", N_("总承包单位")
    INDIVIDUAL_CONTRACTOR = "individual_contractor", N_("包工头")


class Industry(LabelledEnum):
    """The sections of the national industry classification (GB/T 4754)."""

    FARMING = "A", N_("农、林、牧、渔业")
    MINING = "B", N_("采矿业")
    MANUFACTURING = "C", N_("制造业")
    UTILITIES = "D", N_("电力、热力、燃气及水生产和供应业")
    CONSTRUCTION = "E", N_("建筑业")
    TRADE = "F", N_("批发和零售业")
    TRANSPORT = "G", N_("交通运输、仓储和邮政业")
    CATERING = "H", N_("住宿和餐饮业")
    INFORMATION = "I", N_("信息传输、软件和信息技术服务业")
    FINANCE = "J", N_("金融业")
    REAL_ESTATE = "K", N_("房地产业")
    BUSINESS_SERVICES = "L", N_("租赁和商务服务业")
    SCIENCE = "M", N_("科学研究和技术服务业")
    ENVIRONMENT = "N", N_("水利、环境和公共设施管理业")
    HOUSEHOLD_SERVICES = "O", N_("居民服务、修理和其他服务业")
    EDUCATION = "P", N_("教育")
    HEALTH = "Q", N_("卫生和社会工作")
    CULTURE = "R", N_("文化、体育和娱乐业")
    PUBLIC = "S", N_("公共管理、社会保障和社会组织")
    INTERNATIONAL = "T", N_("国际组织")


class EnterpriseSize(LabelledEnum):
    """How big an enterprise is by the official statistical division."""

    LARGE = "large", N_("大型")
    MEDIUM = "medium", N_("中型")
    SMALL = "small", N_("小型")
    MICRO = "micro", N_("微型")
