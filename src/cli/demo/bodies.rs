//! The body of an article: its lead, then what is told of such things in general, with the article's own place and figures.

use super::stories::Piece;

/// A part of a body.
pub(crate) enum Block {
    /// A paragraph.
    Paragraph(String),
    /// A sub-heading.
    Heading(&'static str),
    /// The article's picture, with what stands under it.
    Picture(String),
}

/// The body of `piece`, in order.
pub(crate) fn body(piece: &Piece) -> Vec<Block> {
    let figures = Figures::of(piece);
    let template = template(piece.section);
    let caption = if piece.column.language == "en" { "In {p}. Photo: {w}" } else { "图为{p}工作现场。{w} 摄" };
    vec![
        Block::Paragraph(piece.lead.to_string()),
        Block::Picture(figures.fill(caption)),
        Block::Paragraph(figures.fill(template.first)),
        Block::Heading(template.headings.0),
        Block::Paragraph(figures.fill(template.second)),
        Block::Paragraph(figures.fill(template.third)),
        Block::Heading(template.headings.1),
        Block::Paragraph(figures.fill(template.last)),
    ]
}

/// `{p}` place, `{w}` who, `{a}` a small number, `{b}` a large one, `{c}` a share in percent.
struct Figures<'a> {
    place: &'a str,
    who: &'a str,
    a: u32,
    b: u32,
    c: u32,
}

impl<'a> Figures<'a> {
    fn of(piece: &'a Piece) -> Self {
        let [who, _] = piece.people;
        let n = piece.number % 10_000;
        Self { place: piece.place, who, a: 3 + n * 7 % 17, b: 120 + n * 31 % 870, c: 12 + n * 13 % 61 }
    }

    fn fill(&self, text: &str) -> String {
        text.replace("{p}", self.place)
            .replace("{w}", self.who)
            .replace("{a}", &self.a.to_string())
            .replace("{b}", &self.b.to_string())
            .replace("{c}", &self.c.to_string())
    }
}

struct Template {
    first: &'static str,
    headings: (&'static str, &'static str),
    second: &'static str,
    third: &'static str,
    last: &'static str,
}

fn template(section: &str) -> &'static Template {
    TEMPLATES.iter().find(|(name, _)| *name == section).map_or(&ORDINARY, |(_, template)| template)
}

const TEMPLATES: &[(&str, Template)] = &[
    (
        "电网建设",
        Template {
            first: "工程自开工以来历时{a}个月,累计投入施工人员{b}人次。项目部把每天的计划贴在工棚门口,完成一项划掉一项,没有一天留白。",
            headings: ("工期是怎样抢出来的", "投运之后"),
            second: "{p}冬季多雾,一周里适合高处作业的往往只有两三天。施工单位把基础、组塔、架线三道工序分给不同班组交叉推进,晴天上塔,雾天备料。",
            third: "“图纸上的一厘米,到了山里就是一上午。”项目负责人{w}说,最难的一段材料全靠索道运输,{b}吨塔材没有损坏一件。",
            last: "工程投运后,{p}的供电能力将提高{c}%,原先在用电高峰时需要错峰的企业可以全时段生产。",
        },
    ),
    (
        "安全生产",
        Template {
            first: "此次行动共排查设备{b}台套,登记问题{a}项,其中大部分在当天处理完毕,其余均已明确责任人和完成时限。",
            headings: ("问题不过夜", "把经验写进规程"),
            second: "在{p},每一项隐患都有一张卡片:发现时间、照片、处理办法和复查签名。卡片收齐之前,隐患不算销号。",
            third: "班长{w}介绍,过去靠经验判断,现在靠数据说话。今年以来,同类缺陷的重复发生率下降了{c}%。",
            last: "据了解,相关做法将整理成册,在全省{a}个基层班组推广。",
        },
    ),
    (
        "新能源",
        Template {
            first: "项目年发电量预计可达{b}万千瓦时,相当于节约标准煤{a}千余吨。从立项到并网,{p}的村民看着它一点点长起来。",
            headings: ("发得出,更要送得走", "乡亲们的新收入"),
            second: "为接纳新增的电力,{p}同步改造了两条送出线路,并在变电站内加装储能装置,把正午多发的电留到傍晚。",
            third: "运行值长{w}说,功率预测的准确率已由最初的七成提高到九成以上,弃电率下降了{c}%。",
            last: "土地租金、运维岗位和村集体分红,让{p}的{b}户村民有了稳定的新收入。",
        },
    ),
    (
        "供电服务",
        Template {
            first: "截至目前,{p}已有{b}户居民和企业受益,平均办理时间缩短到{a}个工作日以内。",
            headings: ("少跑一趟是一趟", "听得见的变化"),
            second: "工作人员{w}算过一笔账:一份申请原来要经过六个窗口,现在资料只收一次,其余的事情由后台流转。",
            third: "“以前一到用电高峰就担心跳闸,今年一次也没有遇到。”{p}的一位店主这样告诉记者。",
            last: "统计显示,今年以来{p}的客户平均停电时间同比下降{c}%,投诉量降至近五年最低。",
        },
    ),
    (
        "调度运行",
        Template {
            first: "当日最大负荷出现在傍晚,较前一日增长{c}%。调度机构提前{a}小时完成方式调整,全网频率和电压始终保持在合格范围。",
            headings: ("提前量从哪里来", "留有余地"),
            second: "值班调度员{w}的桌面上有四块屏幕,其中一块只看天气。{p}的负荷有一半随气温起伏,看准了天,就看准了网。",
            third: "在寒潮和大风到来之前,{b}兆瓦的备用容量已经就位,跨区支援协议也预先签好。",
            last: "下一步,{p}将继续滚动校核运行方式,确保电网在各种天气下安全可靠。",
        },
    ),
    (
        "科技创新",
        Template {
            first: "这项成果由{a}人的团队用两年时间完成,先后试验{b}次,获得发明专利授权三项。",
            headings: ("从一次失败说起", "从样机到产品"),
            second: "第一台样机在{p}试用时只坚持了四十分钟。负责人{w}把失败的记录贴在实验室墙上,一条一条地改。",
            third: "现场对比表明,新方法使作业时间缩短{c}%,并且不再需要用户配合停电。",
            last: "目前,首批设备已经在{p}投入使用,运行数据每天回传,为下一代产品积累样本。",
        },
    ),
    (
        "市场交易",
        Template {
            first: "本月共有{b}家主体参与交易,成交均价与上月基本持平,其中中长期合同占比{c}%。",
            headings: ("价格里的信号", "规则还在完善"),
            second: "在{p},越来越多的企业把生产安排与电价曲线放在一起看。午间电价低,就把耗电多的工序挪到午间。",
            third: "交易员{w}认为,价格只有真正传到用户那里,削峰填谷才不是一句口号。",
            last: "有关部门表示,将在{a}个月内征求意见,进一步完善结算与偏差考核规则。",
        },
    ),
    (
        "人物",
        Template {
            first: "参加工作{a}年来,记满了{b}页工作笔记。字迹有的工整,有的潦草,潦草的那些多半写在风雨里。",
            headings: ("慢,是为了快", "徒弟们"),
            second: "在{p},同事们遇到拿不准的事,总会先去问一问。答案常常不是一句话,而是一起到现场走一趟。",
            third: "“设备不会说话,但会留下痕迹。”这是{w}常说的一句话,也是带徒弟的第一课。",
            last: "如今,当年的徒弟已经分布在{p}的各个班组,其中{c}%成了骨干。而那本笔记,还在继续写下去。",
        },
    ),
    (
        "Grid",
        Template {
            first: "Work took {a} months and {b} people had a hand in it. The site office kept the plan on its door and struck out one line a day.",
            headings: ("How the time was won", "What changes now"),
            second: "Fog left two or three good days in a week, so the crews in {p} split the job into three and never waited for each other.",
            third: "“A centimetre on the drawing is a morning on the hill,” said {w}, who led the last stage.",
            last: "Capacity in {p} rises by {c} per cent, and firms that had to pause at the evening peak can run through it.",
        },
    ),
    (
        "Storage",
        Template {
            first: "The plant is expected to shift {b} MWh on a normal day, most of it from noon to the early evening.",
            headings: ("A matter of timing", "What the neighbours say"),
            second: "In {p} the wind tends to drop at sunset. Operators learnt to keep {c} per cent in hand for that hour.",
            third: "{w}, who writes the daily plan, checks the forecast {a} times before noon and once after.",
            last: "Visitors are welcome on the first Sunday of each month; the village hall in {p} has the times.",
        },
    ),
];

const ORDINARY: Template = Template {
    first: "The people behind it had {a} meetings and {b} pages of notes before anything was decided, and they say it was worth it.",
    headings: ("How it began", "What comes next"),
    second: "In {p} the idea came from a complaint: somebody asked why it had always been done the other way.",
    third: "“We measured first and argued later,” said {w}. The measurements showed a gain of {c} per cent.",
    last: "A report on the first year will be published in {p}, with the raw figures attached.",
};
