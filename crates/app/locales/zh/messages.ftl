# 短信：说发生了什么、接下来怎样。连同赔案号不超过七十个字。

message-notified = 已收到您的报案，赔案号{ $claim }。请打开进度页，看看还需要哪些照片和证件。有进展会再告诉您。
message-joined = 案件{ $claim }又收到一次同一事故的报案，已经并入。您不用再做什么，有进展会照常告诉您。
message-joined-reporter = 已收到您的报案。这起事故已有案件在办理，我们会打电话与您核对，您不用重复报案。
message-reporter-admitted = 核对无误，您现在可以在进度页查看案件{ $claim }的进展了。
message-reporter-turned-away = 核对后，您的报案没有并入已有案件，因此不能查看它的进展。如有疑问，请联系客服。
message-papers-requested = 案件{ $claim }还差{ $count }项资料。请在进度页查看清单并上传，收齐后我们继续办理。
message-inspected = 案件{ $claim }已完成查勘。接下来核定损失，结果会告诉您。
message-assessed = 案件{ $claim }的损失已核定，明细在进度页。接下来核定赔款，结果会告诉您。
message-person-asked = 案件{ $claim }已转给工作人员。我们看过后联系您，不用重复提交。
message-approved = 案件{ $claim }的赔款{ $amount }已批准。收款账户齐全后由银行付款，请在进度页核对。
message-declined = 案件{ $claim }已有决定，依据和理由在进度页。如有不同意见，可以在那里请人工复核。
message-closed = 案件{ $claim }已结案。欢迎在进度页评价。发现新的损失时，可以在那里请我们重新办理。
message-withdrawn = 案件{ $claim }已撤回，不再办理。需要继续时，可以在进度页请我们重新打开。
message-reopened = 案件{ $claim }已重新打开，由工作人员复核。有结果会告诉您。
message-paid = 案件{ $claim }的一笔赔款{ $amount }，银行已经付出，请留意到账。明细在进度页。
message-payment-rejected = 案件{ $claim }有一笔{ $amount }的付款没有成功，赔款不受影响。我们会核对后再付，请在进度页核对账户。

message-status-queued = 待发送
message-status-waiting = 稍后再发
message-status-sent = 已发送
message-status-given-up = 没有送达
customer-refused-no-such-message = 没有这条消息。请刷新页面再看。
