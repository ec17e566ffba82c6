# 时限的名称

clock-ctpl-papers-list = 交强险：告知所需单证
clock-ctpl-decision = 交强险：核定
clock-ctpl-pay = 交强险：支付
clock-decide-coverage = 核定是否属于保险责任
clock-pay-after-agreement = 达成协议后支付
clock-refusal-letter = 发出拒赔通知书
clock-undisputed-advance = 先行支付已确定的金额
clock-report-late = 合同约定的报案期限
clock-theft-to-police = 盗抢：向公安报案
clock-theft-wait = 盗抢：等待侦查结果
clock-first-contact = 首次联系客户
clock-first-contact-grave = 首次联系客户（重大）
clock-triage = 分级
clock-inspect = 查勘
clock-assess-minor = 定损（轻微）
clock-assess-general = 定损（一般）
clock-assess-major = 定损（重大）
clock-adjudicate = 核赔
clock-pay-small = 小额案件支付
clock-answer-person = 答复人工请求
clock-nature-legal = 法定
clock-nature-contract = 合同约定
clock-nature-service = 服务承诺
