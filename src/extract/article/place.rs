//! [`Place`]: where on its page a field of an article was found, for people who ask why.

/// Where a field was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// JSON-LD or microdata of schema.org.
    Data,
    /// A `<meta>` element.
    Meta,
    /// `<title>`.
    Window,
    /// A heading.
    Heading,
    /// A line that is printed beside the story.
    Line,
    /// An element that is called after the field.
    Element,
    /// The path to the page that it shows.
    Path,
}

impl Place {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Data => "structured data",
            Self::Meta => "metadata",
            Self::Window => "the page's <title>",
            Self::Heading => "a heading",
            Self::Line => "a printed line",
            Self::Element => "an element called so",
            Self::Path => "the path shown",
        }
    }
}

/// Where the fields of an article were found, as far as they were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    /// Its title.
    pub title: Option<Place>,
    /// Its outlet.
    pub outlet: Option<Place>,
    /// Its names.
    pub byline: Option<Place>,
    /// Its columns.
    pub columns: Option<Place>,
}
