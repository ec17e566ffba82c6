# 规则：为什么这样办。“-customer”给客户看，只说在核对什么。

adjudication-small-claim = 小额快赔：应赔 { $amount }，上限 { $limit }。须为轻微案件、按价格表计价、每处损伤有照片。
adjudication-small-claim-customer = { $limit }以内、照片齐全的轻微案件可以直接支付，其他案件由核赔员确认。
adjudication-policy-doubtful = 登记中没有事故时有效的保单，由人工核实。
adjudication-policy-doubtful-customer = 正在核对保单信息。
adjudication-hurt-or-property = 有人受伤，或有车辆以外的财产受损，由人工核定。
adjudication-hurt-or-property-customer = 有人受伤或其他财物受损，由专人为您办理。
adjudication-fault-not-settled = 事故责任没有认定，或只有一方的说法。确认后才能支付。
adjudication-fault-not-settled-customer = 正在确认事故责任。有交警认定书或各方签字的协议书时，请上传。
adjudication-losses-unknown = 三辆以上的车共用限额，还有损失没有明确。
adjudication-losses-unknown-customer = 正在确认其他车辆的损失，明确后就能算出赔款。
adjudication-total-loss = 车辆按全损处理，须与客户商定并签字。
adjudication-total-loss-customer = 车辆损失较重，专人会与您商定赔付方案。
adjudication-closer-look = 有需要核实的提示，转调查。
adjudication-closer-look-customer = 工作人员正在核对案件资料，会告诉您结果。
adjudication-person-asked = 客户请人工复核，或案件重新打开过，由人工决定。
adjudication-person-asked-customer = 由工作人员为您复核。
adjudication-nothing-owed = 应赔金额为 0.00，或还算不出。规则不拒赔，由人工决定。
adjudication-nothing-owed-customer = 核赔员正在核对责任和保障范围，会给您答复。
adjudication-papers-missing = 还缺{ $count }项资料，一次列出。
adjudication-papers-missing-customer = 还差{ $count }项资料，收齐后继续办理。
assessment-price-table = 按价格表定损：每处损伤有照片，价格来自当日的价格表。
assessment-price-table-customer = 按价格表核定，每一处都有照片和价格。

triage-death = 有人在事故中去世
triage-serious-injury = 有人重伤
triage-large-amount = 损失金额较大
triage-many-vehicles = 涉及多辆车
triage-injury = 有人受伤
triage-several-vehicles = 涉及三辆以上的车
triage-other-property = 有车辆以外的财物受损
triage-special-cause = 事故类型需要人工查看
triage-small-damage = 损失小、没有人受伤、最多两辆车
