# 保单登记与导入

register-refused-already-registered = 该保单号已登记。
register-refused-not-registered = 没有这张保单。
register-refused-cancelled = 该保单已退保，不能再变更。
register-refused-period-empty = 保险期间的止期早于起期，请核对。
register-refused-nothing-covered = 保单没有任何保障，请至少填写交强险或一项商业险。
register-refused-outside-period = 生效时间不在保险期间内，请核对。
register-refused-out-of-order = 生效时间早于此前的一次批改，请核对。
register-refused-number-too-long = 保单号太长，请核对。

register-import-encoding = 文件不是 UTF-8 编码，请另存为“CSV UTF-8”后重试。
register-import-empty = 文件是空的。
register-import-json = 文件不是 JSON 数组，请核对格式。
register-import-column-twice = 有两列同名，请删去一列。
register-import-columns-unknown = 有不认识的列，请核对列名。
register-import-columns-missing = 缺少必需的列，请补上。

register-row-cell-count = 单元格数与表头不一致。
register-row-shape = 不是一条记录，或内容不是文字、整数、是或否。
register-row-column-unknown = 不认识的列名。
register-row-column-twice = 同一列出现了两次。
register-row-missing = 必填，不能留空。
register-row-text = 文字过长，或含有不可见字符。
register-row-policy-number = 保单号只能由字母、数字、-、_ 和 . 组成。
register-row-length = 位数不对。
register-row-character = 含有不该出现的字符。
register-row-region = 地区代码不存在。
register-row-form = 格式不对。
register-row-date = 日期不存在。
register-row-check-digit = 校验位不符，请核对。
register-row-number = 应为合理的整数。
register-row-amount = 应为大于零的金额，如 128000.00。
register-row-share = 应为 0 与 1 之间的比例，如 0.10。
register-row-time = 应为日期，或带时区的时间。
register-row-word = 不是可选的内容。
register-row-period = 止期早于起期。
register-row-deductible = 免赔额超过保险金额，或没有对应的车损险。
register-row-rider = 附加险缺少费率或险种，或对应的主险没有投保。
register-row-nothing-covered = 没有任何保障。
register-row-duplicate = 保单号与第 { $line } 行重复。
