# 理算：每一步的依据、输入被退回的原因、大白话说明

loss-repair = 修理费 { $repair }
loss-total = 全损：实际价值 { $actual_value } 减去自留残值 { $salvage_kept }，为 { $value }
loss-rescue = 施救费 { $rescue } 中属于本车的部分：本车价值 { $insured }，一同施救的其他财产价值 { $other }，分得 { $value }
loss-claimed = 损失 { $loss }
mutual-own = 互碰自赔：本车各项损失合计 { $own }，不超过 { $limit }，由本车交强险自行赔付
ctpl-limit-death-disability-at-fault = 有责死亡伤残限额 { $limit }
ctpl-limit-death-disability-no-fault = 无责死亡伤残限额 { $limit }
ctpl-limit-medical-at-fault = 有责医疗费用限额 { $limit }
ctpl-limit-medical-no-fault = 无责医疗费用限额 { $limit }
ctpl-limit-property-at-fault = 有责财产损失限额 { $limit }
ctpl-limit-property-no-fault = 无责财产损失限额 { $limit }
ctpl-share-court = 按司法解释，损失 { $loss } 由其他机动车按限额分摊：本车限额 { $weight }，合计限额 { $weights }，应摊 { $value }
ctpl-share-practice = 按实务规程，损失 { $loss } 由应赔车辆按限额分摊：本车限额 { $weight }，合计限额 { $weights }，应摊 { $value }
ctpl-cap = 本车该项应摊合计 { $shares }，超过限额 { $limit }，本笔 { $share } 按比例缩减为 { $value }
ctpl-round = 第 { $number } 轮再分摊：尚缺 { $short }，本车剩余限额 { $left }，应赔各车剩余合计 { $lefts }，各方向本车要求合计 { $asked }，本轮增加 { $value }
ctpl-on-behalf = 无责代赔：尚缺 { $unpaid }；无责车 { $without_fault } 辆，每辆限额 { $limit }，有责车 { $at_fault } 辆；本车承担 { $value }
ctpl-recourse = 先行赔付 { $amount }，再向驾驶人追偿
ctpl-shift = 替未投保的 { $uninsured } 先行赔付：其应摊 { $share }，本车剩余限额 { $left }，各投保车剩余合计 { $lefts }，本车代付 { $amount }
liability-base = 损失 { $loss }，扣除不赔部分 { $outside } 和交强险已承担的 { $ctpl }，责任基数为 { $value }
liability-base-outside-first = 损失 { $loss }，其中不赔部分 { $outside }；交强险的 { $ctpl } 先抵不赔部分，责任基数为 { $value }
liability-fault = 责任基数 { $base } × 事故责任比例 { $share } = { $value }
liability-given = 责任基数 { $base } × 对该受害人的责任比例 { $share } = { $value }
third-party-holiday = 法定节假日限额翻倍：限额由 { $limit } 变为 { $value }
third-party-trailer = 主车和挂车共同承担 { $due }，按限额分担：本车限额 { $limit }，合计 { $limits }，本车承担 { $value }
third-party-limit = 应赔合计 { $dues }，超过三者险限额 { $limit }，本笔 { $due } 按比例缩减为 { $value }
seat-limit = 应赔 { $due }，该座位限额 { $limit }，赔 { $value }
duty-deductible = { $pay } 扣除事故责任免赔率 { $rate }，为 { $value }
rider-absolute-deductible-rate = { $pay } 扣除绝对免赔率 { $rate }，为 { $value }
own-damage-received = 已从他方获得：本次事故车辆以外 { $third_party }，其他车辆的保险 { $covers }；先抵车辆损失 { $damage } 中的 { $value }
own-damage-partial = 修理费 { $repair } − 已获赔 { $received } − 免赔额 { $deductible } = { $value }
own-damage-partial-deductible = 修理费 { $repair } − 免赔额 { $deductible } = { $value }
own-damage-partial-received = 修理费 { $repair } − 已获赔 { $received } = { $value }
own-damage-total = 保险金额 { $sum_insured } − 已获赔 { $received } − 免赔额 { $deductible } − 自留残值 { $salvage_kept } = { $value }
own-damage-w2014 =（{ $base } − 已获赔 { $received }）×（1 − 事故责任免赔率 { $duty }）×（1 − 绝对免赔率 { $rate }）− 免赔额 { $deductible } = { $value }
own-damage-rescue = 施救费 { $part } − 抵扣车辆损失后剩余的已获赔 { $received } = { $value }
own-damage-limit = { $pay } 以保险金额 { $sum_insured } 为限，赔 { $value }
subrogation-taken-over = 本笔 { $amount } 中的 { $taken } 由车损险保险人代位取得，剩余 { $value }
rounding-fen = 本笔 { $exact }，同组合计 { $group }，四舍五入到分并按最大余数分配，得 { $amount }

settle-cover-compulsory = 交强险
settle-cover-third-party = 三者险
settle-cover-driver = 车上人员责任险（司机）
settle-cover-passengers = 车上人员责任险（乘客）
settle-cover-own-damage = 车损险
settle-cover-rescue = 车损险施救费
settle-cover-tortfeasor = 侵权责任
settle-bucket-death-disability = 死亡伤残
settle-bucket-medical = 医疗费用
settle-bucket-property = 财产损失
settle-bucket-all = 人身损失合计

settle-explain-mutual = 符合互碰自赔条件：各方在自己的交强险公司理赔，无需计算其他项目。
settle-explain-pending-fault = 还有车辆的事故责任没有认定；以下结果可能变化。
settle-explain-nothing = 各保单均无应赔金额。
settle-explain-line = { $payer } 的{ $cover }赔给 { $payee }（{ $bucket }）：{ $amount }
settle-explain-line-on-behalf = { $payer } 的{ $cover }赔给 { $payee }（{ $bucket }）：{ $amount }，由 { $insurer } 的保险公司代为支付
settle-explain-step = {"  "}· { $sentence }
settle-explain-driver = 驾驶人
settle-explain-recovery = { $by } 的保险公司可以向{ $from }追偿（{ $ground }）：{ $amount }
settle-explain-unpaid = { $payee } 的{ $bucket }没有保险赔付的部分：{ $amount }
settle-explain-total = { $payer } 的保单应赔合计：{ $amount }
settle-explain-paid-total = { $insurer } 的保险公司实际支付合计：{ $amount }

settle-refused = 事故信息无法理算
settle-refused-whole = 整个文件
settle-refused-bad-json = { $pointer } 处不是有效的 JSON（UTF-8，对象内字段名不得重复）。请检查文件内容。
settle-refused-bad-type = { $pointer } 处的值类型不对。金额、比例和时间用字符串，开关用 true 或 false。
settle-refused-unknown-field = 没有 { $pointer } 这个字段。请删除它，或检查拼写。
settle-refused-missing-field = 缺少必填的 { $pointer }。请补上。
settle-refused-bad-money = { $pointer } 处不是金额，或者金额太大。请写成以元为单位的小数，例如 "5000.00"。
settle-refused-negative-money = { $pointer } 处的金额是负数。请写零或正数。
settle-refused-too-precise = { $pointer } 处的金额超过两位小数。请精确到分。
settle-refused-bad-share = { $pointer } 处的比例不在 0 到 1 之间，或者各方比例合计超过 1。请改正。
settle-refused-bad-time = { $pointer } 处不是带时区的时间。请写成例如 "2026-05-02T14:30:00+08:00"。
settle-refused-bad-value = { $pointer } 处的取值不在允许的范围内。请检查拼写。
settle-refused-duplicate-id = { $pointer } 处的编号已经用过。车辆和人员的编号不得重复。
settle-refused-unknown-id = { $pointer } 处的编号不是本次事故中的车辆。请改正。
settle-refused-unknown-rider = 没有 { $pointer } 处的附加险。请检查拼写。
settle-refused-unsupported-rider = { $pointer } 处的附加险目前还不能在这里理算。请去掉它另行计算。
settle-refused-duplicate-rider = { $pointer } 处的绝对免赔率特约与前面的特约指向同一险种。每个险种只能有一个。
settle-refused-wording-unknown = 无法确定 { $pointer }。请写明条款版本或保险起期。
settle-refused-part-above-whole = { $pointer } 处的部分金额大于它所属的全部金额。请改正。
settle-refused-two-drivers = { $pointer } 处是同一车辆的第二位驾驶人。每辆车最多一位。
settle-refused-subrogate-without-own-damage = { $pointer } 选择了代位求偿，但该车没有车损险。请改为 net，或填写车损险。
settle-refused-no-rule-table = { $pointer } 处的时间早于交强险实施（2006年7月1日），无法理算。
settle-refused-too-many = { $pointer } 超过一次理算的数量上限。请拆分后再算。
settle-refused-amount-overflow = 各项金额合计过大，无法理算。请检查金额。位置：{ $pointer }
