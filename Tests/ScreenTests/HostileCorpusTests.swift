import Screen
import Testing

@Suite("Hostile text")
struct HostileCorpusTests {
    @Test("every string of the corpus is safe after the filter")
    func nothingUnsafe() throws {
        let samples = try HostileText.corpus()
        #expect(samples.count == 592)
        for sample in samples {
            let safe = SafeText(sample.text)
            for scalar in safe.plainText.unicodeScalars {
                #expect(!HostileText.isUnsafe(scalar), "\(sample) lets U+\(String(scalar.value, radix: 16)) through")
            }
            #expect(safe.width == safe.clusters.reduce(0) { $0 + $1.width }, "\(sample)")
            #expect(SafeText(safe.plainText).plainText == safe.plainText, "\(sample) is changed when read again")
        }
    }

    @Test("lines of the corpus are safe too, without tabs")
    func safeLines() throws {
        for sample in try HostileText.corpus() {
            for line in SafeText.lines(of: sample.text + "\r\n\tend") {
                #expect(!line.plainText.unicodeScalars.contains(where: HostileText.isUnsafe), "\(sample)")
                #expect(!line.plainText.contains("U+0009"), "\(sample)")
            }
        }
    }

    @Test("every scalar is safe after the filter, between letters and after an emoji")
    func everyScalar() {
        var leaks: [UInt32] = []
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value), HostileText.isUnsafe(scalar) else { continue }
            if value > 0x3000, value & 0xFF > 0x0F, value & 0xFFF0 != 0xFFF0, !(0xFDD0...0xFE0F ~= value) { continue }
            let text = String(String.UnicodeScalarView(["a", scalar, "b", "\u{1F600}", scalar, "c"]))
            if SafeText(text).plainText.unicodeScalars.contains(scalar) { leaks.append(value) }
        }
        #expect(leaks == [])
    }

    @Test("borders of a canvas stay in place beside the corpus, at every offset")
    func bordersStay() throws {
        let size = Size(rows: 3, columns: 24)
        for sample in try HostileText.corpus() {
            let safe = SafeText(sample.text)
            for offset in -3...22 {
                var canvas = Canvas(size: size)
                canvas.write(safe, row: 1, column: 1 + offset, width: max(0, 22 - offset))
                for row in 0..<3 {
                    canvas.write("|", row: row, column: 0)
                    canvas.write("|", row: row, column: 23)
                }
                let row = canvas[row: 1]
                #expect(row.first?.text == "|")
                #expect(row.last?.text == "|")
                #expect(row.reduce(0) { $0 + Int($1.width.rawValue) } == 24, "\(sample) at \(offset)")
            }
        }
    }
}
