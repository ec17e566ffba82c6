# Words that many pages share: the shell, states, fields, dates, money.

brand = 安赔
brand-desk = 安赔工作台
language-name = 中文
language-other = English

money-yuan = { $figures }元
date-full = { $year }年{ $month }月{ $day }日
date-short = { $month }月{ $day }日
time-just-now = 刚刚
time-minutes-ago = { $count }分钟前
time-in-minutes = { $count }分钟后
time-today = 今天
time-yesterday = 昨天
time-tomorrow = 明天
time-until = { $when }前
time-was-due = 应在{ $when }前完成
time-overdue = 超时 { $span }
span-minutes = { $count }分钟
span-hours = { $large }小时{ $small ->
    [0] {""}
   *[other] { $small }分
}
span-days = { $large }天{ $small ->
    [0] {""}
   *[other] { $small }小时
}
span-days-short = { $count }天

severity-minor = 轻微
severity-general = 一般
severity-major = 重大

shell-skip = 跳到正文
shell-elder-on = 长辈版
shell-elder-off = 标准版
shell-theme = 外观
shell-theme-auto = 跟随设备
shell-theme-light = 浅色
shell-theme-dark = 深色
shell-language = 语言
shell-settings = 显示设置
shell-back = 返回
shell-menu = 主菜单
shell-account = 账号
shell-sign-out = 退出登录
shell-saved = 已保存在本机 { $time }

action-next = 下一步
action-previous = 上一步
action-save = 保存
action-cancel = 取消
action-submit = 提交
action-open = 打开
action-remove = 移除
action-more = 查看更多

field-optional = 选填
field-summary-title = 还差{ $count }处
field-summary-hint = 点一下就能跳到那里，已填的内容都还在。
field-required = 请填写这一项。
field-choose = 请选择一项。

pager-label = 翻页
pager-next = 下一页
pager-previous = 上一页
pager-first = 回到第一页

timeline-label = 进展
timeline-done = 已完成
timeline-now = 进行中
timeline-next = 接下来
stages-label = 办理步骤
tabs-label = 分栏
loading = 正在加载
photo-open = 看大图：{ $name }

confirm-title = 请确认
