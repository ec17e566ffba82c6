# 接口的差错；页面的在 pages.ftl

problem-json = 内容不是有效的 JSON，或字段不对，位置（行:列）{ $place }。没有保存任何内容，请核对后再发送。
problem-missing-key = 请求缺少 Idempotency-Key，或它太长，所以什么都没有做。请为每项新的请求换一个，重试时用原来那个。
problem-if-match = If-Match 不是版本号，所以什么都没有做。请用 ETag 给出的值，或去掉这一项。
