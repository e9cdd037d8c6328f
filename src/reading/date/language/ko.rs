//! Korean.

use super::{EMPTY, Era, Language, Unit};

pub(super) const TABLE: Language = Language {
    code: "ko",
    weekdays: ["월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"],
    units: ["초", "분", "시간", "일", "주|주일", "개월|달", "년|해", ""],
    parts: ["초", "분", "시", "일", "", "월", "년", ""],
    amounts: &[
        (1, Unit::Hour, "반시간"),
        (2, Unit::Day, "하루"),
        (4, Unit::Day, "이틀"),
        (6, Unit::Day, "사흘"),
        (2, Unit::Month, "한달"),
        (2, Unit::Hour, "한시간"),
        (2, Unit::Week, "일주일"),
    ],
    days: &[(0, "오늘|금일"), (1, "어제|어저께|작일"), (2, "그저께|그제|엊그제"), (7, "지난주")],
    numbers: &[(2, "한"), (4, "두"), (6, "세")],
    eras: &[(Era::Common, "서기")],
    ago: "전|이전",
    last: "지난|작년",
    now: "방금|방금 전|지금|조금 전|방금전",
    am: "오전|새벽|아침",
    pm: "오후|저녁|밤",
    noon: "정오",
    midnight: "자정",
    fill: "약|대략|에|쯤",
    labels: "입력|수정|등록|작성|작성일|등록일|게시일|게시|발행일|승인|기사입력|최종수정|업데이트|날짜|일시|입력일|수정일|송고|송고시간|기사등록|발행",
    ..EMPTY
};
