//! Parameters that say who came, from where, or when, and not what is shown.
//!
//! The list is the project's own, gathered from what the makers of these parameters document. To add one: its name here, in
//! lower case, with those of its kind. A name that sites also use for content goes to [`DOUBTFUL`] with a test of its value.

/// Whole names by kind, in lower case, apart by white space.
const NAMES: &[&str] = &[
    // advertising clicks
    "fbclid gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid msclkid yclid ysclid twclid ttclid \
     igshid igsh li_fat_id epik rdt_cid scclid srsltid qclid irclickid bd_vid qhclickid sgclid zanpid cjevent \
     tduid wickedid rb_clickid s_kwcid ef_id adgroupid campaignid campaign_id cmpid cmp icid ncid ocid \
     _openstat dicbo obclid taboolaclickid",
    // mailings and analytics
    "mc_cid mc_eid _ga _gl _gac _ke _kx mkt_tok _hsenc _hsmi __hstc __hssc __hsfp hsctatracking trk \
     trkcampaign trkinfo elqtrackid elqtrack elq elqaid elqat elqcampaignid s_cid sc_cid wt.mc_id wt_mc wt.nav \
     xtor sfmc_id sfmc_sub emci emdi ceid nr_email_referer ml_subscriber ml_subscriber_hash ck_subscriber_id \
     guce_referrer guce_referrer_sig guccounter smid smtyp ns_mchannel ns_source ns_campaign ns_linkname \
     ns_fee soc_src soc_trk tsmm",
    // sharing
    "spm spm_id_from scm share_token share_source share_medium share_plat share_tag share_session_id \
     share_times share_from share_id sharer_shareid sharer_shareinfo sharer_sharetime sharer_sharerid \
     vd_source unique_k bbid is_story_h5 isappinstalled nsukey wxshare_count wx_share wxfrom from_wecom \
     weixin.info tt_from app_name_share shareuid sharefrom share_uid chksm_share fromuid feature_share \
     mibextid ref_src ref_url __twitter_impression sharetype share_type _branch_match_id __tn__ __xts__ \
     fb_action_ids fb_action_types fb_ref fb_source action_object_map action_type_map action_ref_map curator \
     at_medium at_campaign",
    // sessions
    "phpsessid jsessionid sessionid session_id sessid cfid cftoken aspsessionid zenid oscsid osessid \
     _session_id viewstate_session",
    // other dress of the same page
    "amp amp_js_v amp_gsa usqp outputtype",
];

/// Beginnings of names, in lower case.
const PREFIXES: &[&str] = &[
    "utm_",
    "utm-",
    "mtm_",
    "pk_",
    "piwik_",
    "matomo_",
    "hsa_",
    "oly_",
    "vero_",
    "aspsessionid",
    "at_custom",
    "sc_src_",
    "_bta_",
];

/// Tells from its value that a parameter means nothing.
type IsIdle = fn(&str) -> bool;

/// Names that may also choose what is shown, with what their value must be to mean nothing.
const DOUBTFUL: &[(&str, IsIdle)] = &[
    // `from=timeline` says who shared it; `from=20` is the next page of a list.
    ("from ref referer referrer refer share frm cfrom", is_word),
    // A time or a random number, there only to get past a cache.
    ("_ t _t ts _ts time timestamp r rand random rnd rd v ver nocache cb x", is_buster),
    ("sid s session", is_session),
];

/// Whether the parameter says nothing of what is shown. Name and value as they stand in the URL.
pub(super) fn is_tracking(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    NAMES.iter().any(|kind| kind.split_ascii_whitespace().any(|listed| listed == name))
        || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || (name == "output" && value.eq_ignore_ascii_case("amp"))
        || DOUBTFUL.iter().any(|(names, is_idle)| names.split(' ').any(|listed| listed == name) && is_idle(value))
}

/// Seconds or milliseconds since 1970 in this century so far (2001 to 2033), or a random fraction.
pub(super) fn is_buster(value: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match value.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction) && (fraction.len() >= 6 || whole.len() >= 10),
        None => digits(value) && matches!(value.len(), 10 | 13) && value.starts_with('1'),
    }
}

fn is_word(value: &str) -> bool {
    !value.bytes().next().is_some_and(|b| b.is_ascii_digit())
}

fn is_session(value: &str) -> bool {
    value.len() >= 20 && value.bytes().all(|b| b.is_ascii_alphanumeric()) && value.bytes().any(|b| b.is_ascii_digit())
}
