# 客户页面：登录、首页、报案、进度、照片、定损、账户、评价

sign-in-title = 登录
sign-in-first = 登录后继续刚才的页面。
sign-in-login = 登录名或手机号
sign-in-password = 密码
sign-in-go = 登录
sign-in-lost = 忘记密码时，请联系客服，我们会发给您一次性链接。
sign-in-differs = 两次填写的密码不一样。请再填一次。
enter-title = 登录
enter-hint = 这个链接只能用一次。点下面的按钮，就会登录并打开您的案件。
enter-go = 登录
enter-password-title = 设置密码
enter-password-hint = 这个链接只能用一次。设置好密码就会登录。
enter-password-rule = 至少 10 个字符。几个不相干的词连在一起，好记也安全。
enter-password = 新密码
enter-again = 再填一次
enter-password-go = 设置密码并登录
