import Screen

/// Which rows of the screen are whose, at every size.
struct ScreenLayout: Equatable {
    /// Below this the dashboard says so instead of drawing.
    static let smallest = Size(rows: 5, columns: 20)

    let header: Range<Int>
    let banner: Range<Int>
    /// The row of a table's column titles.
    let titles: Int?
    let body: Range<Int>
    let footer: Int

    /// Lays out a screen; `bannerRows` is what the error banner would like to have.
    init(size: Size, bannerRows: Int, hasTitles: Bool) {
        let isTall = size.rows >= 10
        let headerRows = isTall ? 2 : 1
        header = 0..<headerRows
        banner = headerRows..<headerRows + min(bannerRows, isTall ? (size.rows >= 16 ? 4 : 2) : 1)
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

    /// The part of the screen a pager has.
    var pagerSize: Size { Size(rows: layout.body.count, columns: size.columns) }
}
