extension SafeText: ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) {
        self.init(value)
    }

    public init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.text
    }

    /// Filters each piece by itself, so that no piece can join or change its neighbours.
    public struct StringInterpolation: StringInterpolationProtocol {
        var text = SafeText.empty

        public init(literalCapacity: Int, interpolationCount: Int) {}

        public mutating func appendLiteral(_ literal: String) {
            text += SafeText(literal)
        }

        /// Safe already: taken as it is, its escapes still marked.
        public mutating func appendInterpolation(_ safe: SafeText) {
            text += safe
        }

        public mutating func appendInterpolation(_ value: some StringProtocol) {
            text += SafeText(value)
        }

        @_disfavoredOverload
        public mutating func appendInterpolation<Value>(_ value: Value) {
            text += SafeText(String(describing: value))
        }
    }
}
