# Pages: navigation, problems.

nav-work = 工作列表
nav-report = 代客报案
nav-overview = 总览
nav-payments = 付款核对
nav-accounts = 账号
nav-debug = 运行状况

problem-title-unauthorized = 请先登录
problem-title-forbidden = 没有这项权限
problem-title-not-found = 没有找到
problem-title-conflict = 内容已有更新
problem-title-later = 请稍后再试
problem-title-internal = 我们这边出了差错
problem-title-refused = 这一步没有完成
problem-home = 回到首页
problem-request = 需要人工协助时，请报这个编号：{ $id }
problem-safe-unchanged = 没有任何内容被改动，已提交的资料都还在。
problem-safe-unknown = 已确认提交的内容都还在。不确定刚才这一步是否成功时，回到上一页重新打开就能看到。

problem-not-found = 这个地址没有内容，或者不属于您的账号。请从首页进入。
problem-forbidden = 您的账号不能使用这个页面。需要时请联系管理员开通。
problem-unauthorized = 登录后才能继续。
problem-method-not-allowed = 这个地址不接受这种请求。请从页面上的按钮进入。
problem-internal = 差错已经记录，我们会处理。请稍后再试。
problem-unavailable = 暂时无法读写数据，请在十秒后再试。
problem-busy = 现在使用的人很多，请在十秒后再试。
problem-too-large = 发送的内容太大。照片每张不超过60 MB，请分开上传。
problem-media-type = 这个地址不接受这种格式。表单请从页面提交，接口请用 JSON。
problem-timeout = 等待太久，连接已经断开。请检查网络后再试。
problem-malformed = 发送的内容不完整。请返回上一页，重新打开后再提交。
problem-form-expired = 页面已过期。请返回上一页，重新打开后再提交。
problem-conflict = 刚才有人更新了同一内容。请重新打开页面，核对后再做一次。
problem-key-reused = 这个重复提交编号已经用于另一项内容。请重新打开页面后再提交。
