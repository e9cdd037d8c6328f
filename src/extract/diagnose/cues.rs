//! [`Cues`]: the words by which pages of many languages say what they are; a table for each class, a line for each language.

use std::sync::LazyLock;

/// Words, any of which is a sign. All in lower case.
#[derive(Debug)]
pub(super) struct Words(Vec<&'static str>);

/// The words of each class.
#[derive(Debug)]
pub(super) struct Cues {
    /// A page that wants to be shown that a person reads it.
    pub(super) challenge: Words,
    /// Names in the source of such pages that their makers put there.
    pub(super) machine: Words,
    /// Title or heading of a login page.
    pub(super) login: Words,
    /// What a page says that shows its articles only to those who are known.
    pub(super) wall: Words,
    /// What an API says to strangers.
    pub(super) data_login: Words,
    /// What a page says in the place of one that does not exist.
    pub(super) missing: Words,
    /// What a page says to those who run no scripts.
    pub(super) script: Words,
    /// What stands in the place of a list that is empty.
    pub(super) empty: Words,
}

/// Words of a path under which people log in.
pub(super) const LOGIN_PATHS: [&str; 16] = [
    "login",
    "signin",
    "logon",
    "sso",
    "cas",
    "passport",
    "oauth",
    "oauth2",
    "authorize",
    "saml",
    "anmelden",
    "connexion",
    "accedi",
    "entrar",
    "auth",
    "denglu",
];

const CHALLENGE: &str = "
just a moment|checking your browser|verify you are human|verifying you are human|are you a robot|not a robot|unusual traffic
prove you are human|human verification|security check|please complete the captcha|solve the captcha|enter the characters you see
attention required|access denied|request blocked|you have been blocked|pardon our interruption|ddos protection|bot protection
enable javascript and cookies to continue|why have i been blocked|automated requests|press & hold|browser verification
安全验证|人机验证|访问过于频繁|请求过于频繁|操作过于频繁|滑动验证|拖动滑块|请完成验证|请输入验证码|浏览器安全检查|正在检查您的浏览器|异常访问|访问被拒绝|访问被拦截|访问验证|您的请求已被|网站防火墙|请求存在异常
安全驗證|人機驗證|機器人驗證|存取被拒|您的要求已被|我不是機器人|異常流量
ロボットではありません|ロボットでないこと|アクセスが拒否|セキュリティチェック|ブラウザを確認|不審なアクセス|認証してください
로봇이 아닙니다|비정상적인 접근|자동입력 방지|접근이 거부|보안 확인|보안문자
sind sie ein mensch|kein roboter|sicherheitsprüfung|ungewöhnlichen datenverkehr|browser wird überprüft|zugriff verweigert
êtes-vous un robot|je ne suis pas un robot|vérification de sécurité|vérification de votre navigateur|trafic inhabituel|accès refusé|vérifiez que vous êtes humain
no soy un robot|verificación de seguridad|comprobando su navegador|verifica que eres humano|acceso denegado|tráfico inusual
não sou um robô|verificação de segurança|verificando seu navegador|verifique se você é humano|acesso negado|tráfego incomum
non sono un robot|verifica di sicurezza|controllo del browser|traffico insolito|accesso negato
я не робот|проверка безопасности|проверка браузера|проверяем ваш браузер|подтвердите, что вы не робот|доступ запрещен|доступ ограничен|необычный трафик|подозрительная активность
я не робот|перевірка безпеки|перевірка браузера|доступ заборонено
لست روبوت|التحقق من الأمان|التحقق من المتصفح|أنك إنسان|تم رفض الوصول
robot değilim|güvenlik kontrolü|güvenlik doğrulaması|tarayıcınız kontrol|erişim engellendi|insan olduğunuzu
nie jestem robotem|weryfikacja bezpieczeństwa|sprawdzanie przeglądarki|odmowa dostępu
ik ben geen robot|beveiligingscontrole|browser controleren|toegang geweigerd
tôi không phải là người máy|xác minh bạn là con người|kiểm tra bảo mật|kiểm tra trình duyệt|truy cập bị từ chối
saya bukan robot|pemeriksaan keamanan|memeriksa browser|akses ditolak
من ربات نیستم|بررسی امنیتی|دسترسی غیرمجاز
jag är inte en robot|säkerhetskontroll|nejsem robot|bezpečnostní kontrola|nem vagyok robot|biztonsági ellenőrzés";

const MACHINE: &str = "
_cf_chl_opt|cf-chl-|cf_chl_|cf-challenge|/_incapsula_resource|incapsula incident|captcha-delivery.com|px-captcha|perimeterx|aws-waf-token|awswafintegration
acw_sc__v2|aliyun_waf|__jsl_clearance|geetest|tencentcaptcha|tcaptcha|sucuri_cloudproxy|ddos-guard|hcaptcha.com|recaptcha/api|/kpsdk|distil_r_captcha|smartcaptcha|qrator|_guard/|yunsuo|waf_slider|nocaptcha";

const LOGIN: &str = "
log in|login|sign in|signin|sign on|authentication required|authorization required|members only|subscribers only|subscribe to continue|unauthorized
登录|登陆|登入|会员登录|统一身份认证|请先登录|用户登录|單一登入
ログイン|サインイン|会員登録|会員限定
로그인|회원 전용
anmelden|anmeldung|einloggen|connexion|se connecter|identifiez-vous|réservé aux abonnés|iniciar sesión|inicia sesión|acceder|ingresar|fazer login|iniciar sessão|acesso restrito|accedi|login richiesto|area riservata
вход|войти|авторизация|авторизуйтесь|увійти|вхід|تسجيل الدخول|giriş yap|oturum aç|üye girişi|zaloguj|logowanie|inloggen|aanmelden|đăng nhập|masuk|logga in|přihlášení|bejelentkezés|ورود";

const WALL: &str = "
please log in|please login|please sign in|log in to|login to|sign in to|you must be logged in|you need to log in|must sign in|subscribe to read|subscribe to continue|for subscribers|members only|session has expired|session expired|create an account to
请登录|请先登录|请您登录|登录后|需要登录|尚未登录|未登录|会话已过期|登录超时|请登陆|会员可见|付费会员|扫码登录|請登入|請先登入|登入後
ログインしてください|ログインが必要|会員限定|ログイン後|로그인이 필요|로그인 후|로그인하세요|로그인해 주세요
bitte melden sie sich|bitte anmelden|melden sie sich an|bitte einloggen|nur für abonnenten|veuillez vous connecter|connectez-vous|vous devez être connecté|réservé aux abonnés
inicie sesión|inicia sesión|debe iniciar|solo para suscriptores|faça login|faça o login|precisa estar logado|exclusivo para assinantes|effettua il login|effettua l'accesso|devi accedere|riservato agli abbonati
войдите|необходимо авторизоваться|авторизуйтесь|требуется авторизация|только для подписчиков|увійдіть|يرجى تسجيل الدخول|يجب تسجيل الدخول|giriş yapın|giriş yapmalısınız|oturum açın|zaloguj się|log in om|meld u aan|vui lòng đăng nhập|silakan masuk|silakan login|لطفا وارد|logga in för|přihlaste se";

const DATA_LOGIN: &str = "
unauthorized|unauthenticated|not logged in|login required|please log in|please login|token expired|invalid token|missing token|authentication required|need_login|needlogin
未登录|请登录|请先登录|登录失效|登录已过期|token失效|未授权|请重新登录|無權限";

const MISSING: &str = "
page not found|not found|does not exist|doesn't exist|no longer exists|no longer available|can't be found|cannot be found|could not be found|couldn't find|could not find|can't find|has been removed|page missing|nothing here|page unavailable|been deleted
页面不存在|页面未找到|找不到页面|找不到该页|未找到该页|您访问的页面|访问的页面不存在|页面丢失|页面找不到|页面走丢|内容不存在|栏目不存在|已被删除|已删除|无法找到|该页面已|找不到网页|页面没有找到|网页不存在|找不到頁面|頁面不存在|找不到您|網頁不存在
ページが見つかりません|ページは見つかりません|見つかりませんでした|存在しません|お探しのページ|削除された
페이지를 찾을 수 없|존재하지 않는|삭제된 페이지|찾을 수 없습니다
seite nicht gefunden|nicht gefunden|existiert nicht|nicht mehr verfügbar|page introuvable|page non trouvée|n'existe pas|n'existe plus|introuvable
página no encontrada|no encontrada|no existe|no se encuentra|no ha sido encontrada|página não encontrada|não encontrada|não existe|não foi encontrada|pagina non trovata|non trovata|non esiste|pagina inesistente
страница не найдена|не найдена|не существует|удалена|сторінку не знайдено|не знайдено|не існує|الصفحة غير موجودة|غير موجودة|لم يتم العثور
sayfa bulunamadı|bulunamadı|mevcut değil|nie znaleziono|nie istnieje|pagina niet gevonden|niet gevonden|bestaat niet|không tìm thấy|không tồn tại|tidak ditemukan|tidak tersedia|یافت نشد|وجود ندارد
sidan hittades inte|hittades inte|siden findes ikke|ikke funnet|sivua ei löyty|stránka nenalezena|nebyla nalezena|neexistuje|az oldal nem található|nem található|pagina nu a fost găsită|η σελίδα δεν βρέθηκε|δεν βρέθηκε|הדף לא נמצא|ไม่พบหน้า";

const SCRIPT: &str = "
enable javascript|requires javascript|javascript is required|need javascript|javascript is disabled|javascript enabled|turn on javascript|without javascript
启用javascript|启用 javascript|开启javascript|开启 javascript|打开javascript|不支持javascript|需要javascript|javascript 功能|請啟用|啟用javascript|啟用 javascript
javascriptを有効|javascript を有効|javascript가|자바스크립트
aktivieren sie javascript|javascript aktivieren|javascript ist|activer javascript|activez javascript|javascript est|active javascript|activar javascript|habilite javascript|habilite o javascript|ative o javascript|abilita javascript|attiva javascript|abilitare javascript
включите javascript|включить javascript|javascript отключ|увімкніть javascript|تفعيل جافا|تمكين javascript|تفعيل javascript|javascript'i etkin|włącz javascript|javascript inschakelen|schakel javascript|bật javascript|aktifkan javascript|aktivera javascript|povolte javascript|جاوااسکریپت";

const EMPTY: &str = "
no results|no articles|no posts|nothing found|no news|no entries|no items|no records|no data|there are no |nothing to show|list is empty|no content
暂无数据|暂无内容|暂无信息|暂无新闻|暂无文章|暂无相关|暂时没有|没有找到相关|没有相关|没有数据|没有内容|没有更多内容|无数据|无相关|栏目暂无|共0条|共 0 条|列表为空|該分類沒有|暫無|沒有資料|查無資料|目前沒有
該当する記事|記事がありません|記事はありません|データがありません|お知らせはありません|新着情報はありません|ありません。|게시물이 없습니다|등록된 글이 없|데이터가 없|검색 결과가 없|자료가 없
keine einträge|keine artikel|keine ergebnisse|keine beiträge|keine nachrichten|keine meldungen|aucun résultat|aucun article|aucune actualité|aucun contenu|pas d'article|aucune publication
no hay resultados|no hay artículos|no hay noticias|sin resultados|no se encontraron|no hay entradas|no hay contenido|nenhum resultado|nenhum artigo|nenhuma notícia|não há notícias|não há artigos|nenhum registro|nenhum conteúdo|nessun risultato|nessun articolo|nessuna notizia|non ci sono
ничего не найдено|нет новостей|нет записей|нет статей|нет материалов|новостей нет|записей нет|список пуст|нет данных|немає новин|немає записів|нічого не знайдено|لا توجد نتائج|لا توجد أخبار|لا توجد مقالات|لا يوجد
sonuç bulunamadı|kayıt bulunamadı|haber bulunmamaktadır|içerik bulunamadı|brak wyników|brak artykułów|brak wpisów|brak aktualności|geen resultaten|geen berichten|geen artikelen|geen nieuws|không có bài viết|không có kết quả|không có dữ liệu|chưa có bài|tidak ada hasil|tidak ada berita|tidak ada artikel|belum ada|نتیجه‌ای یافت نشد|خبری وجود ندارد|inga resultat|inga artiklar|inga nyheter|žádné články|žádné výsledky|nincs találat|nincsenek hírek";

/// All tables, made once.
pub(super) fn all() -> &'static Cues {
    static CUES: LazyLock<Cues> = LazyLock::new(|| Cues {
        challenge: Words::of(CHALLENGE),
        machine: Words::of(MACHINE),
        login: Words::of(LOGIN),
        wall: Words::of(WALL),
        data_login: Words::of(DATA_LOGIN),
        missing: Words::of(MISSING),
        script: Words::of(SCRIPT),
        empty: Words::of(EMPTY),
    });
    &CUES
}

impl Words {
    fn of(table: &'static str) -> Self {
        Self(table.split(['|', '\n']).filter(|word| !word.is_empty()).collect())
    }

    /// Whether any of them stands in `text`, which is in lower case.
    pub(super) fn found_in(&self, text: &str) -> bool {
        let text = text.replace('’', "'");
        self.0.iter().any(|word| text.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_lower_case_and_none_is_blank() {
        let cues = all();
        for words in [&cues.challenge, &cues.machine, &cues.login, &cues.wall, &cues.missing, &cues.script, &cues.empty]
        {
            for word in &words.0 {
                assert_eq!(word.to_lowercase(), **word);
                assert!(word.trim().chars().count() >= 2, "{word:?}");
            }
        }
    }
}
