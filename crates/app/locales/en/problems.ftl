# Problems of the API; those of pages are in pages.ftl

problem-json = This is not valid JSON, or a field is not right, at line:column { $place }. Nothing was saved; please check it and send it again.
problem-missing-key = The Idempotency-Key is missing or too long, so nothing was done. Please send a new one with each new request, and the same one when you try again.
problem-if-match = If-Match is no version, so nothing was done. Please use the value of the ETag, or leave it out.
