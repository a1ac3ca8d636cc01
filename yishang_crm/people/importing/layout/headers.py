"""What people write over their columns, in Chinese of both scripts, in English and in codes."""

import re
from functools import lru_cache

from yishang_crm.people.importing.cells.writing import plain, simplified, tight

# Targets of columns. FIELDS stand in a row's `fields`; EXTRAS are kept apart; OTHER is known and left alone.
FIELDS = (
    "name gender phones email organization title native_place native_town city chamber_title birth industry note name_en region"
).split()
EXTRAS = "id_number wechat address former_name contact return_mark".split()
OTHER = "other"

_SYNONYMS = {
    "name": "姓名 名字 人员姓名 企业家姓名 企业家 乡贤姓名 乡贤 老乡姓名 嘉宾姓名 会员姓名 宾客姓名 贵宾姓名 参会人员 参会嘉宾 参会人姓名 拟邀嘉宾 拟邀人员 人员 中文姓名 中文名 中文名字 "
    "姓名中文 本人姓名 真实姓名 人才姓名 校友姓名 被邀请人 邀请对象 邀请人员 嘉宾 会员名称 个人会员 客户姓名 显示名称 联系人姓名全称 "
    "name fullname chinesename namechinese namecn cnname personname contactname displayname membername guestname "
    "xm xingming mingzi ry xmzw zwm zwxm",
    "weak_name": "负责人 企业负责人 单位负责人 公司负责人 主要负责人 法人 法人代表 法定代表人 法人姓名 法定代表人姓名 董事长姓名 联系人 联系人姓名 企业联系人 经营者 业主 投资人 负责人姓名 "
    "企业法人 会长姓名 代表人 会员代表 代表姓名 企业代表 fzr frdb fddbr lxr contact contactperson representative",
    "surname": "姓 姓氏 lastname familyname surname xing",
    "given": "名 firstname givenname ming",
    "name_en": "英文名 英文姓名 英文名字 外文名 外文姓名 拼音 姓名拼音 英文 姓名英文 拼音姓名 护照姓名 罗马拼音 "
    "englishname nameenglish nameen enname pinyin nameinenglish romanizedname ywm ywxm xmpy",
    "gender": "性别 男女 称谓 称呼 尊称 敬称 性别男女 gender sex salutation honorific xb xingbie cw prefix title称谓",
    "birth": "出生年月 出生日期 出生年月日 出生时间 生日 出生 生年 生年月日 出生日 出生年份 阳历生日 农历生日 生辰 birthday birthdate dateofbirth dob birth born "
    "csny csrq sr chushengriqi csnyr",
    "phones": "手机 手机号 手机号码 移动电话 电话 电话号码 联系电话 联系方式 联系手机 联络电话 联络方式 办公电话 单位电话 公司电话 座机 固定电话 固话 座机电话 办公室电话 备用电话 备用手机 备用号码 "
    "其他电话 其它电话 住宅电话 家庭电话 宅电 手机1 手机2 电话1 电话2 手机一 手机二 联系电话1 联系电话2 联系号码 本人电话 本人手机 本人联系方式 行动电话 手提电话 手提 公司电话号码 手机微信 微信手机 "
    "手机同微信 微信电话 香港电话 内地电话 内地手机 国内手机 国内电话 海外电话 境外电话 大陆手机 大陆电话 香港手机 台湾手机 主要电话 商务电话 电话手机 手机电话 常用电话 常用手机 通讯方式 号码 "
    "移动电话号码 联系人手机号 企业电话 联系办法 通信方式 手机长号 长号 "
    "mobile mobilephone mobileno mobilenumber phone phoneno phonenumber tel telephone telno telephoneno cell cellphone cellular contactno contactnumber "
    "homephone businessphone officephone workphone primaryphone otherphone mobilephone2 phone1 phone2 tel1 tel2 directline officetel whatsapp "
    "sj sjh sjhm dh dhhm lxdh lxfs shouji dianhua lxsj yddh bgdh zj gh bydh shoujihao",
    "email": "邮箱 电子邮箱 电子邮件 邮件 邮箱地址 电子邮件地址 email e-mail mail emailaddress 邮件地址 电邮 电邮地址 电子信箱 信箱 伊妹儿 mailbox yx dzyx youxiang dzyj",
    "organization": "单位 工作单位 企业 公司 企业名称 公司名称 单位名称 所在单位 所在企业 所在公司 现工作单位 任职单位 任职企业 任职公司 服务单位 服务机构 机构 机构名称 企业全称 单位全称 公司全称 现任单位 "
    "投资企业 创办企业 企业名 公司名 供职单位 组织 组织机构 集团 名称 会员单位 会员单位名称 会员企业 企业商会名称 单位企业名称 工作单位名称 企业单位 单位或企业 经营单位 所属企业 所属公司 所属单位 主要企业 "
    "代表企业 会员企业名称 现单位 就职单位 就职公司 企业简称 主办企业 "
    "company companyname organization organisation employer firm corporation institution org enterprise business businessname affiliation "
    "dw dwmc gs gsmc qy qymc danwei gongsi gzdw szdw rzdw jgmc",
    "title": "职务 职位 岗位 现任职务 单位职务 企业职务 公司职务 职衔 头衔 任职 担任职务 行政职务 工作职务 现职 职称 职务职称 职务名称 职位名称 企业任职 公司任职 所任职务 主要职务 身份 现任职 在企业职务 "
    "title jobtitle position post role designation occupation job zw zhiwu zwmc xrzw qyzw zc gw",
    "post": "单位及职务 企业及职务 公司及职务 工作单位及职务 单位职务 工作单位职务 单位和职务 单位与职务 公司职位 单位职位 企业职务 任职情况 任职单位及职务 所在单位及职务 现工作单位及职务 职务及单位 "
    "企业名称及职务 公司名称及职务 单位名称及职务 企业单位及职务 现任职单位及职务 工作单位及职位 公司及职位 企业与职务 单位及职位 企业职位 公司名称职务 单位名称职务 企业名称职务 任职企业及职务 现任单位及职务 "
    "现任单位职务 主要任职 工作情况 企业公司及职务 职务单位 身份职务 服务单位及职称 公司及职务名称 公司及职衔 机构及职务 企业及任职 单位及任职 所在企业及职务 所在公司及职务 "
    "companytitle companyandtitle companyposition organizationtitle companyandposition dwzw dwjzw gzdwjzw qyjzw",
    "chamber_title": "商会职务 会内职务 商会任职 本会职务 协会职务 在会职务 会内任职 商会内职务 商会职位 会内职位 商协会职务 商会协会职务 会职务 会中职务 协会任职 会员级别 商会身份 会内身份 拟任商会职务 "
    "拟任职务 商会职衔 会务职务 会籍 入会职务 换届职务 总会职务 联谊会职务 同乡会职务 商会届内职务 理事会职务 商会级别 社团职务 会员类别 会员类型 社会职务 社会任职 社会兼职 社团任职 "
    "chambertitle chamberposition chamberrole associationtitle shzw hnzw bhzw xhzw shehuizhiwu",
    "native_place": "籍贯 祖籍 原籍 家乡 老家 籍贯地 户籍 户籍地 户籍所在地 出生地 县区 县市区 所属县区 所属县市区 市县区 县市 所属县市 籍贯县区 籍贯县市区 区县 籍属 籍贯乡镇 籍贯到乡镇 "
    "属地 故里 籍贯精确到乡镇 籍贯所在地 户口所在地 家乡所在地 原籍地 家乡县区 籍贯县 籍贯县市 县别 属县 祖籍地 乡籍 所属地 老家地址 家庭住址籍贯 贯籍 县 籍地 家乡地址 籍贯祖籍 祖籍籍贯 "
    "nativeplace hometown ancestralhome birthplace placeoforigin origin nativecounty county jg jiguan zj祖籍 zuji xq sxq",
    "native_town": "乡镇 乡镇街道 所属乡镇 家乡乡镇 乡镇街 镇街 镇 街道 街道乡镇 籍贯乡镇街道 所在乡镇 户籍乡镇 乡镇名称 家乡镇 town township nativetown xz xiangzhen ssxz",
    "city": "常驻 所在地 所在城市 城市 现居地 居住地 常住地 工作地 工作地点 现居住地 居住城市 工作城市 工作所在地 所在省市 现居城市 驻地 发展地 经商地 创业地 企业所在地 公司所在地 单位所在地 在外地 所在地市 地市 "
    "现所在地 所在地区 现住地 现居 常驻地 常驻城市 目前所在地 务工地 从业地 投资地 经营地 所在位置 居住地区 常住城市 外出地 在外所在地 现工作地 现工作所在地 企业所在城市 居地 "
    "city location residence livingin basedin citystate workcity cs szd szcs xjd czd gzd chengshi businesscity homecity",
    "province": "省份 省 所在省 所在省份 省市 province state",
    "region": "国家 国家地区 国别 国家或地区 所在国家 所在国 地区 区域 所属地区 国家和地区 国籍 国籍地区 居住国 旅居国 旅居地 侨居地 侨居国 国家及地区 所在国家地区 所属区域 country region countryregion nationality area gj gjdq dq qy区域",
    "industry": "行业 所属行业 从事行业 行业类别 主营 主营业务 主营产品 经营范围 产业 产业链 所属产业 行业领域 从事领域 业务 主营行业 企业类型行业 行业分类 产业类别 所处行业 主业 从业行业 经营行业 业务范围 主要产品 "
    "经营项目 产业方向 专业领域 主要业务 主营领域 营业项目 产品 企业主营 公司业务 行业类型 涉及行业 所属领域 领域 从事产业 产业领域 所属产业链 经营业务 企业主营业务 企业行业 投资领域 "
    "industry sector business行业 businesstype field hy sshy hangye zyyw zycp zy jyfw",
    "note": "备注 说明 其他 其它 备注说明 附注 备考 情况说明 备注信息 补充说明 特殊说明 备忘 其他说明 记事 附记 摘要 notes note remark remarks comment comments memo bz beizhu shuoming",
    "id_number": "身份证 身份证号 身份证号码 证件号码 证件号 公民身份号码 居民身份证号码 证件编号 护照号 护照号码 通行证号 idnumber idno idcard passport passportno sfz sfzh sfzhm zjhm",
    "wechat": "微信 微信号 微信id 微信号码 微信账号 微信名 微信昵称 wechat wechatid weixin wx wxh",
    "address": "地址 通讯地址 通信地址 联系地址 公司地址 单位地址 办公地址 家庭地址 家庭住址 住址 详细地址 企业地址 现住址 邮寄地址 住所 注册地址 经营地址 收件地址 现居住地址 address mailingaddress street dz txdz lxdz",
    "return_mark": "宜商通识别码 宜商通识别码勿改",
    "former_name": "曾用名 原名 别名 又名 formername cym",
    OTHER: "序号 编号 号码序号 会员编号 序 年龄 周岁 学历 学位 文化程度 毕业院校 毕业学校 院校 专业 民族 政治面貌 党派 邮编 邮政编码 传真 传真号码 qq qq号 qq号码 推荐单位 填报单位 报送单位 推荐人 推荐部门 照片 相片 "
    "网址 网站 注册资本 注册资金 投资额 年产值 产值 营业收入 年营业额 员工人数 员工数 车牌 车牌号 车号 入会时间 入会日期 加入时间 会费 统一社会信用代码 信用代码 社会信用代码 签名 签字 是否参会 参会 是否返乡 "
    "衣服尺码 桌号 座位 座位号 房间 房号 房间号 航班 车次 到达时间 返程时间 健康状况 婚姻状况 职级 级别 等级 类别 分类 标签 来源 状态 创建时间 更新时间 创建人 修改时间 成立时间 企业规模 企业性质 "
    "荣誉 获奖情况 主要荣誉 个人简介 简介 简历 个人简历 主要事迹 企业简介 公司简介 投资意向 对接人 包联领导 联系领导 联络员 责任人 责任单位 对接单位 配偶 批次 届次 届别 组别 分组 排名 页码 生肖 属相 星座 "
    "行政区划 邮政 港澳通行证 户名 账号 开户行 上市情况 证件类型 爱好 拟投资项目 项目 项目名称 "
    "no id number serial index sn seq age education degree fax zip zipcode postcode postalcode website url homepage photo status createdat updatedat "
    "created updated webpage department 部门 所在部门 xh bh nl xl mz zzmm yb cz qq号 rhsj lb fl sfcj zt nation",
}  # fmt: skip
_EXACT = {
    tight(plain(word)).lower(): field
    for field, words in reversed(_SYNONYMS.items())
    for word in words.split()
}
# Longest first; only words that keep their meaning inside a longer header.
_INSIDE = sorted(
    [
        (word, field)
        for word, field in _EXACT.items()
        if len(word) >= 2 and not word.isascii() and field not in (OTHER, "given", "surname")
    ]
    + [
        (word, OTHER)
        for word in "序号 编号 年龄 学历 民族 邮编 传真 时间 照片 是否 人数 金额 资本 意向 简介 荣誉 资质 规模".split()
    ]
    + [
        (word, field)
        for word, field in _EXACT.items()
        if word.isascii() and len(word) >= 5 and field not in (OTHER, "given", "surname")
    ]
    + [("微信", "wechat"), ("fax", OTHER), ("传真", OTHER)],
    key=lambda pair: -len(pair[0]),
)
_NOT_INSIDE = frozenset(
    "号码 名称 机构 组织 集团 业务 产品 领域 其他 其它 说明 人员 嘉宾 地区 区域 国家 名字 出生 企业 公司 单位 任职 身份 户籍 属地 镇街 县市 镇 街道 电话 项目".split()
)
# Another person named in a header: what stands below is not the guest's.
_SOMEBODY_ELSE = re.compile(
    "^(?:秘书|助理|司机|驾驶员|配偶|家属|夫人|爱人|子女|父亲|母亲|随行|陪同|推荐人|填报人|经办人|对接人|包联|联络员|责任人|介绍人|紧急联系人|联系领导|单位联系人|企业联系人|公司联系人|联络人|联系人|secretary|assistant|driver|spouse|emergency)"
)
_GROUPS = frozenset(
    "基本情况 基本信息 个人信息 个人情况 个人基本情况 个人基本信息 任职情况 任职信息 工作情况 工作信息 企业情况 企业信息 单位情况 单位信息 公司信息 公司情况 联系方式 联系信息 联络方式 通讯信息 通讯方式 家乡信息 家乡情况 "
    "籍贯信息 其他信息 其他情况 商会信息 商会任职 任职 企业基本情况 企业基本信息 嘉宾信息 人员信息 所在地信息 在外情况 在外发展情况 从业情况 本人情况 本人信息 现任职务 身份信息 投资情况 会员信息 现工作情况 现任职情况 "
    "contact contacts personal company personalinformation contactinformation basicinformation companyinformation".split()
)
_CODE = re.compile(r"[a-z]{1,8}")


@lru_cache(maxsize=8192)
def normalized(text: str) -> str:
    """A header without spaces, marks, script or case: `姓　名*（必填）：` → 姓名必填."""
    text = tight(simplified(plain(text))).lower()
    return re.sub(r"[*★☆:：。.,，、;；/|\\()（）\[\]【】<>《》\"'“”_&+\-]", "", text)


@lru_cache(maxsize=8192)
def field_of(text: str) -> tuple[str, float] | None:
    """The field one header names and how sure that is (0 to 1); None where it names none."""
    full = normalized(text)
    if not full or len(full) > 40:
        return None
    if full in _EXACT:
        return _EXACT[full], 0.8 if _CODE.fullmatch(full) and len(full) < 4 else 1.0
    short = normalized(re.sub(r"[(（\[【][^)）\]】]*[)）\]】]?", "", text))
    if short in _EXACT:
        return _EXACT[short], 0.95
    stripped = re.sub(r"(?:必填|选填|可选|\d+|[一二三]|请填写|填写|信息|情况)$", "", short)
    if stripped in _EXACT:
        return _EXACT[stripped], 0.9
    if _SOMEBODY_ELSE.match(short) and len(short) > 2:
        return "contact", 0.8
    return _by_part(short or full)


def _by_part(text: str) -> tuple[str, float] | None:
    if len(text) > 20 or "有限" in text:
        return None
    places = [
        field
        for field, word in (("organization", "单位|公司|企业|机构"), ("title", "职务|职位|职衔"))
        if re.search(word, text)
    ]
    if len(places) == 2 and not re.search("商会|协会|会内", text):
        return "post", 0.85
    for word, field in _INSIDE:
        if word in text and word not in _NOT_INSIDE:
            # A header ends with what it names: 企业电话 is a phone, 电话费 is not.
            return field, 0.8 if text.endswith(word) else 0.6
    for ending, field in (
        ("公司", "organization"),
        ("单位", "organization"),
        ("企业", "organization"),
        ("电话", "phones"),
        ("镇", "native_town"),
        ("phone", "phones"),
    ):
        if text.endswith(ending):
            return field, 0.6
    return None


def is_somebody_else(text: str) -> bool:
    """Whether a header speaks of a secretary, spouse or other person beside the guest."""
    return bool(_SOMEBODY_ELSE.match(normalized(text)))


def is_group(text: str) -> bool:
    """Whether a header only gathers the ones below it: 基本情况, 任职情况."""
    return normalized(text) in _GROUPS


def is_header_word(text: str) -> bool:
    """Whether a cell could stand in a header row."""
    return field_of(text) is not None or is_group(text)
