# 任务、团队，总览的指标

task-contact = 联系客户
task-inspect = 查勘
task-assess = 定损
task-other-side = 查明对方的责任、损失和保障
task-adjudicate = 核赔
task-second-approval = 第二人同意
task-confirm-assessment = 第二人确认定损
task-confirm-refusal = 第二人确认拒赔
task-serve-refusal = 送达拒赔通知书
task-agree-reserve = 同意准备金
task-take-note = 知悉重大案件
task-investigate = 调查
task-answer = 答复客户
task-find-policy = 查找保单
task-fix-payment = 核对付款
task-fix-reaction = 办完没有自动完成的一步

team-service-desk = 客服
team-survey = 查勘
team-assessment = 定损
team-approval = 核赔
team-injury = 人伤
team-investigation = 调查
team-payments = 财务
team-management = 管理

figure-notified = 报案
figure-approved-by-rule = 自动核赔
figure-approved-by-people = 人工核赔
figure-paid = 支付
figure-closed = 结案
figure-overdue = 超时任务

reaction-refused-broken = 处理时内部出错，请人工完成这一步并告知技术人员。
