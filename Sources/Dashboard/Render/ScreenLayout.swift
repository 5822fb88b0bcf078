import Screen

/// Which rows of the screen belong to what, at every size: the header, the banner, the titles of a table, the body and the
/// footer, from top to bottom.
struct ScreenLayout: Equatable {
    /// Below this the dashboard says so instead of drawing.
    static let smallest = Size(rows: 5, columns: 20)

    let header: Range<Int>
    let banner: Range<Int>
    /// The row of a table's column titles.
    let titles: Int?
    let body: Range<Int>
    let footer: Int

    /// The most rows a banner may have: a screen of 24 shows an error whole, and a dozen rows of the table.
    static func mostBannerRows(in size: Size) -> Int {
        switch size.rows {
        case ..<10: 1
        case ..<16: 2
        case ..<20: 4
        default: 6
        }
    }

    /// Lays out a screen; `bannerRows` is how many rows the banner would fill.
    init(size: Size, bannerRows: Int, hasTitles: Bool) {
        let headerRows = size.rows >= 10 ? 2 : 1
        header = 0..<headerRows
        banner = headerRows..<headerRows + min(bannerRows, Self.mostBannerRows(in: size))
        footer = size.rows - 1
        if hasTitles && size.rows >= 8 {
            titles = banner.upperBound
            body = min(banner.upperBound + 1, footer)..<footer
        } else {
            titles = nil
            body = min(banner.upperBound, footer)..<footer
        }
    }
}

extension DashboardState {
    var layout: ScreenLayout {
        let hasTitles = context == .jobs || context == .runs
        return ScreenLayout(size: size, bannerRows: bannerLines(width: size.columns).count, hasTitles: hasTitles)
    }

    var jobsTableHeight: Int {
        ScreenLayout(size: size, bannerRows: bannerLines(width: size.columns).count, hasTitles: true).body.count
    }

    /// The table of runs stands below a line that names the job.
    var runsTableHeight: Int { max(jobsTableHeight - (size.rows >= 10 ? 1 : 0), 1) }

    /// The part of the screen that a pager fills.
    var pagerSize: Size { Size(rows: layout.body.count, columns: size.columns) }
}
