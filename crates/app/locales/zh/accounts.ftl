# 账号、登录、角色

role-customer = 车主
role-service-desk = 客服
role-surveyor = 查勘员
role-assessor = 定损员
role-senior-assessor = 高级定损员
role-approver = 核赔员
role-senior-approver = 高级核赔员
role-chief-approver = 核赔负责人
role-investigator = 调查员
role-manager = 经理
role-auditor = 审计员
role-administrator = 管理员
role-client = 接入程序
actor-customer = 客户
actor-staff = 工作人员
actor-client = 接入程序
actor-system = 自动办理
purpose-set-password = 设置密码
purpose-sign-in = 一次性登录

identity-refused-not-opened = 没有这个账号。请核对，或联系管理员。
identity-refused-closed = 这个账号已停用。需要时请联系管理员。
identity-refused-already-open = 这个账号已经开通。请直接登录。
identity-refused-no-role = 请至少选择一个角色。
identity-refused-roles-conflict = 这些角色不能在同一个账号上。车主、审计员、管理员和接入程序要各用一个账号。
identity-refused-locked = 尝试次数较多，账号锁住到{ $until }，以保护您的资料。请到那时再试，或请管理员发送一次性链接。
identity-refused-no-such-invitation = 这个链接无效，或已有更新的链接。请用最新的一个，或请管理员重发。
identity-refused-invitation-used = 这个链接已经用过。请直接登录，或请管理员重发。
identity-refused-invitation-expired = 这个链接已过期。请管理员重发。
identity-refused-password-missing = 请设置密码。
identity-refused-password-length = 密码至少要有{ $min }个字符，也不宜过长。请重新设置。
identity-refused-no-such-token = 没有这个令牌，或已作废。请刷新列表，或重新创建。
identity-refused-login-taken = 这个登录名已有人使用。请换一个。
identity-refused-login-form = 登录名应为手机号，或 3 到 64 个字符、不含空格。请修改。
identity-refused-sign-in = 登录名或密码不对。请核对后再试。
