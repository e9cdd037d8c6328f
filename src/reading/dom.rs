//! The only HTML parse: scraper behind node, depth and work budgets.
