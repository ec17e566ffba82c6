# 资料和照片的种类

evidence-vehicle-licence = 行驶证
evidence-driving-licence = 驾驶证
evidence-id-card = 居民身份证
evidence-bank-card = 银行卡
evidence-bank-account = 收款账户
evidence-invoice = 发票
evidence-accident-certificate = 道路交通事故认定书
evidence-joint-statement = 当事人自行协商协议书
evidence-repair-estimate = 维修清单
evidence-plate = 车牌照片
evidence-vin-plate = 车架号照片
evidence-photo-scene = 现场照片
evidence-photo-whole-car = 整车照片
evidence-photo-damage = 损伤细节照片
evidence-medical-record = 病历
evidence-medical-invoice = 医疗费票据
evidence-disability-report = 伤残鉴定意见书
evidence-death-certificate = 死亡证明
evidence-kinship-proof = 亲属关系证明
evidence-property-list = 财产损失清单
evidence-theft-filing = 盗抢立案证明
evidence-weather-proof = 气象证明
evidence-vehicle-registration = 机动车登记证书
evidence-other = 其他资料
