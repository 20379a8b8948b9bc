"""The statutes the rules stand in, and since when their periods have been in force."""

from datetime import date

from worker_legal.i18n import N_

CIVIL_CODE = N_("民法典")
CIVIL_PROCEDURE = N_("民事诉讼法")
CIVIL_PROCEDURE_NOTES = N_("关于适用〈民事诉讼法〉的解释")
MEDIATION_ARBITRATION = N_("劳动争议调解仲裁法")
CASE_RULES = N_("劳动人事争议仲裁办案规则")
LABOUR_NOTES_1 = N_("关于审理劳动争议案件适用法律问题的解释（一）")
NEGOTIATION_RULES = N_("企业劳动争议协商调解规定")
PEOPLES_MEDIATION = N_("人民调解法")
CONFIRMATION_RULES = N_("关于人民调解协议司法确认程序的若干规定")
LABOUR_CONTRACT = N_("劳动合同法")
INJURY_INSURANCE = N_("工伤保险条例")
RECOGNITION_MEASURES = N_("工伤认定办法")
APPRAISAL_MEASURES = N_("劳动能力鉴定管理办法")
APPRAISAL_MEASURES_OLD = N_("工伤职工劳动能力鉴定管理办法")
RECONSIDERATION = N_("行政复议法")
ADMINISTRATIVE_PROCEDURE = N_("行政诉讼法")
ADMINISTRATIVE_NOTES = N_("关于适用〈行政诉讼法〉的解释")
INSPECTION = N_("劳动保障监察条例")
INSPECTION_RULES = N_("关于实施〈劳动保障监察条例〉若干规定")
PENALTIES = N_("行政处罚法")
COMPULSION = N_("行政强制法")
MIGRANT_WAGES = N_("保障农民工工资支付条例")
LEGAL_AID = N_("法律援助法")
LEGAL_AID_RULES = N_("办理法律援助案件程序规定")

SINCE_2008 = date(2008, 5, 1)  # 调解仲裁法
SINCE_CASE_RULES = date(2017, 7, 1)
SINCE_NEGOTIATION = date(2012, 1, 1)
SINCE_PEOPLES_MEDIATION = date(2011, 1, 1)
SINCE_INJURY = date(2011, 1, 1)
SINCE_INSPECTION = date(2004, 12, 1)
SINCE_INSPECTION_RULES = date(2005, 2, 1)
SINCE_LEGAL_AID = date(2022, 1, 1)
SINCE_LABOUR_NOTES = date(2021, 1, 1)
SINCE_APPRAISAL_2025 = date(2025, 7, 1)
SINCE_MIGRANT_WAGES = date(2020, 5, 1)
SINCE_CIVIL_CODE = date(2021, 1, 1)
