//! news.md's table, case by case.
use super::*;
