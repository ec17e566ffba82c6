# 钱：险种、付款、账

cover-compulsory = 交强险
cover-third-party = 第三者责任险
cover-driver = 车上人员责任险（驾驶人）
cover-passengers = 车上人员责任险（乘客）
cover-own-damage = 车损险
cover-rescue = 施救费（车损险）
cover-tortfeasor = 侵权责任
bucket-death_disability = 死亡伤残
bucket-medical = 医疗费用
bucket-property = 财产损失
bucket-all = 各项合计
rider-name-absolute-deductible-rate = 绝对免赔率特约
rider-name-holiday-limit-doubling = 法定节假日限额翻倍险

payment-status-ordered = 待交银行
payment-status-sent = 银行办理中
payment-status-confirmed = 已付出
payment-status-rejected = 银行未付
payment-status-cancelled = 已取消
payment-trouble-no-answer = 银行没有答复。不要另行付款，会继续按原编号查询。
payment-trouble-pending = 银行还没有处理完。请向银行查询。
payment-trouble-paid-before-restore = 数据恢复之前银行已付出这笔款，账上没有记录。在重新作出同样的核赔决定之前，或者您核清并完成本任务之前，本案不再付款。
payment-trouble-payee-erased = 收款人的信息已按要求删除。请联系收款人重新提供账户。

book-account-claims-incurred = 赔付成本
book-account-outstanding-reserve = 未决赔款准备金
book-account-payments-in-transit = 应付赔款
book-account-bank = 银行存款
book-account-recoveries-receivable = 应收追偿款
book-account-recoveries-income = 追偿收入
book-account-set-offs = 抵销往来

recovery-refused-future = 这一天还没有到。请填银行对账单上的日期。
books-refused-amount = 金额不对。请填写大于零的合理金额。
books-refused-no-such-payment = 没有这笔付款。请刷新付款列表。
books-refused-not-rejected = 只有银行未付的付款才能再付一次。请刷新付款列表。
books-refused-payment-under-way = 同一项赔款已有一笔付款在办理，没有再下达。请等银行答复。
books-refused-nothing-left = 这里没有要付的了：已经付出、已经抵销，或者不再应付。请刷新页面。
books-refused-payment-found = 银行已为本案付出一笔账上没有的款，所以没有下单。请先处理那项任务。
books-refused-not-approved = 应付金额正在重新核定，没有下达付款。请等批准，批准后会付余下的部分。
books-refused-payment-differs = 这笔付款已按另外的金额、责任或收款人下达，没有重复付款。请核对两次的内容。
books-refused-double-confirmation = 银行用另一个流水号再次确认了这笔付款，可能付了两次。请与银行对账。
books-refused-contradicts-end = 银行的答复与这笔付款已有的结果不一致。请与银行对账。
books-refused-payment-ended = 这笔付款已有结果，不能再发送或取消。需要时请重新批准。
books-refused-already-sent = 付款已交给银行，不能取消。请等银行答复。
books-refused-below-ordered = 准备金不能低于已下达的付款。请调高金额。
books-refused-reserve-short = 准备金不够这笔付款。请先调高准备金。
books-refused-receipt-differs = 这个银行流水号已按另外的内容入账。请与银行对账。
books-refused-recovery-not-expected = 本案没有这一项应收追偿。请在列出的项目里选择。
books-refused-more-than-expected = 这里只差 { $amount }，没有入账。请按这个金额入账，多出的部分退回，或记到它所属的案件。
books-refused-not-held = 收款人手里没有这么多。请刷新页面。
books-refused-set-off-differs = 这笔抵销已按另外的内容入账。请核对两次的内容。
books-refused-below-received = 应收金额不能低于已收到的金额。请核对。
