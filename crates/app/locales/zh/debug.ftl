# 运行状况：给运维人员看的页面

debug-well = 一切正常
debug-look = { $count }项需要看一下
debug-act = { $count }项需要处理
debug-version = 版本
debug-began = 启动于

debug-gauges = 队列与余量
debug-what = 项目
debug-now = 现在
debug-grade = 状态
debug-grade-well = 正常
debug-grade-look = 看一下
debug-grade-act = 要处理
debug-seconds = { $count }秒

debug-gauge-requests = 处理中的请求
debug-gauge-appends = 等待写入的提交
debug-gauge-readers = 正在读取的连接
debug-gauge-reactions = 处理中的后续步骤
debug-gauge-round = 距上次巡检
debug-gauge-bank-ordered = 待交给银行的付款
debug-gauge-bank-sent = 银行未答复的付款
debug-gauge-messages = 待发送的消息
debug-gauge-tasks = 未办任务
debug-gauge-sessions = 登录中的会话
debug-gauge-blocking = 等待磁盘的线程
debug-gauge-memory = 内存
debug-gauge-files = 打开的文件和连接
debug-gauge-store = 数据库大小
debug-gauge-disk = 磁盘剩余

debug-followers = 跟随日志的部分
debug-head = 日志末尾位置：{ $position }
debug-follower = 名称
debug-lag = 落后条数

debug-turns = 同一时间只由一个进程做的工作
debug-turn = 租约
debug-holder = 由谁在做
debug-here = 本进程
debug-elsewhere = 不在本进程

debug-faults = 最近的问题
debug-faults-none = 启动以来没有问题
debug-kind = 该谁处理
debug-kind-refusal = 提出请求的人
debug-kind-conflict = 自动重试
debug-kind-unavailable = 运维
debug-kind-bug = 开发
debug-code = 代码
debug-place = 位置
debug-times = 次数
debug-at = 最近一次

debug-settings = 设置
debug-setting = 名称
debug-value = 值
debug-unset = 未设置
