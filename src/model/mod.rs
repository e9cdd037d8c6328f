//! The words of the program: plain data, without I/O, clock or async.

mod article;
mod cadence;
mod difference;
mod draft;
mod episode;
mod feed;
mod filter;
mod history;
mod id;
mod item;
mod page;
mod report;
mod source;
mod status;
mod time;
mod verdict;

pub use article::{Article, Sighting};
pub use cadence::Cadence;
pub use difference::Difference;
pub use draft::{CanonicalUrl, CleanHtml, Draft};
pub use episode::{Episode, Trouble};
pub use feed::{Choice, Digest, Document, Entry, FeedSpec, Sort, Twins};
pub use filter::{Change, Field, Filter, Pattern, Rewrite, Rule, Test};
pub use history::{ArticlesOfDay, History, PageMemory, Proposal, RedirectMemory, RobotsMemory};
pub use id::{ArticleKey, BadId, FeedId, SourceId};
pub use item::{DateText, Item, Listing, Markup};
pub use page::{Page, Validators};
pub use report::{Counts, Outcome, Problem, Report};
pub use source::{
    Credential, FieldRule, Kind, Manners, Part, Plan, QuietHours, Repair, Rhythm, Rules, Source, StoryRule,
};
pub use status::{FeedStatus, Redesign, SourceState, SourceStatus, Status};
pub use time::{Moment, Origin, Precision};
pub use verdict::Verdict;
