//! What a version is held to before a practice uses it: the table of docs/evaluation.md.

use serde::Serialize;

/// Where a figure stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Use it.
    Reached,
    /// Use it, and look twice.
    Close,
    /// Do not use it.
    Short,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Better {
    High,
    Low,
}

/// The bounds of one figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Threshold {
    pub figure: &'static str,
    pub better: Better,
    pub reached: f64,
    pub close: f64,
}

const fn high(figure: &'static str, reached: f64, close: f64) -> Threshold {
    Threshold { figure, better: Better::High, reached, close }
}

const fn low(figure: &'static str, reached: f64, close: f64) -> Threshold {
    Threshold { figure, better: Better::Low, reached, close }
}

pub(crate) const ALL: [Threshold; 12] = [
    low("traps", 0.03, 0.06),
    high("polarity", 0.96, 0.93),
    high("recall_critical", 0.82, 0.70),
    high("recall", 0.72, 0.60),
    high("attributes", 0.85, 0.70),
    high("precision", 0.75, 0.65),
    high("provenance", 1.0, 1.0),
    low("length", 0.40, 0.50),
    low("wer", 0.15, 0.25),
    high("drug_recall", 0.90, 0.75),
    low("invented_terms", 0.0, 0.0),
    low("real_time_factor", 0.7, 1.0),
];

/// How a figure stands; none when it has no threshold, or when there was nothing to count.
pub(crate) fn standing(figure: &str, value: Option<f64>) -> Option<Standing> {
    let threshold = ALL.iter().find(|threshold| threshold.figure == figure)?;
    let value = value?;
    let within = |bound: f64| match threshold.better {
        Better::High => value >= bound,
        Better::Low => value <= bound,
    };
    Some(match () {
        () if within(threshold.reached) => Standing::Reached,
        () if within(threshold.close) => Standing::Close,
        () => Standing::Short,
    })
}

/// Figures that do not reach their threshold, in words: "traps is 0.069, at most 0.03".
pub(crate) fn unreached(figures: &[(&'static str, Option<f64>)]) -> Vec<String> {
    let short = figures.iter().filter_map(|&(figure, value)| {
        let threshold = ALL.iter().find(|threshold| threshold.figure == figure)?;
        if standing(figure, value)? == Standing::Reached {
            return None;
        }
        let bound = match threshold.better {
            Better::High => "at least",
            Better::Low => "at most",
        };
        Some(format!("{figure} is {}, {bound} {}", value?, threshold.reached))
    });
    short.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_reaches_its_threshold_comes_close_or_falls_short() {
        assert_eq!(standing("traps", Some(0.03)), Some(Standing::Reached));
        assert_eq!(standing("traps", Some(0.05)), Some(Standing::Close));
        assert_eq!(standing("traps", Some(0.07)), Some(Standing::Short));
        assert_eq!(standing("recall", Some(0.72)), Some(Standing::Reached));
        assert_eq!(standing("recall", Some(0.5)), Some(Standing::Short));
        assert_eq!(standing("provenance", Some(0.9999)), Some(Standing::Short));
        assert_eq!(standing("mention", Some(0.1)), None, "it has no threshold");
        assert_eq!(standing("recall", None), None, "nothing was counted");
        let figures = [("traps", Some(0.069)), ("recall", Some(0.8)), ("length", None)];
        assert_eq!(unreached(&figures), ["traps is 0.069, at most 0.03"]);
    }

    #[test]
    fn the_documentation_holds_the_same_table() {
        let page = include_str!("../../../docs/evaluation.md");
        let table = page.split("## Thresholds").nth(1).unwrap_or_default();
        for Threshold { figure, better, reached, close } in ALL {
            let mut rows = table.lines();
            let row = rows.find(|line| line.starts_with(&format!("| `{figure}` |"))).unwrap_or_default();
            let sign = if better == Better::High { '≥' } else { '≤' };
            assert!(reached == close || row.matches(sign).count() == 2, "{figure}: {row}");
            let numbers: Vec<f64> = row
                .split(|c: char| !(c.is_ascii_digit() || c == '.'))
                .filter_map(|number| number.parse().ok())
                .collect();
            let expected = if reached == close { vec![reached] } else { vec![reached, close] };
            assert_eq!(numbers, expected, "{figure}: {row}");
        }
    }
}
