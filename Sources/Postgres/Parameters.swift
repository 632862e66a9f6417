/// The arrays of pointers and lengths that libpq wants for a statement's parameters, kept by a connection and reused.
@safe final class Parameters {
    private(set) var values: UnsafeMutablePointer<UnsafePointer<CChar>?>
    private(set) var lengths: UnsafeMutablePointer<Int32>
    private(set) var formats: UnsafeMutablePointer<Int32>
    private(set) var types: UnsafeMutablePointer<UInt32>
    private var capacity: Int

    init() {
        capacity = 16
        unsafe values = .allocate(capacity: capacity)
        unsafe lengths = .allocate(capacity: capacity)
        unsafe formats = .allocate(capacity: capacity)
        unsafe types = .allocate(capacity: capacity)
    }

    deinit {
        free()
    }

    private func free() {
        unsafe values.deallocate()
        unsafe lengths.deallocate()
        unsafe formats.deallocate()
        unsafe types.deallocate()
    }

    private func reserve(_ count: Int) {
        guard count > capacity else { return }
        free()
        capacity = count
        unsafe values = .allocate(capacity: capacity)
        unsafe lengths = .allocate(capacity: capacity)
        unsafe formats = .allocate(capacity: capacity)
        unsafe types = .allocate(capacity: capacity)
    }

    /// Calls `body` with the arrays filled for `sql`. The pointers are good during the call only, which is as long as
    /// libpq looks at them.
    func with<Result>(_ sql: SQL, _ body: (_ count: Int32) -> Result) -> Result {
        reserve(sql.parameters.count)
        return unsafe sql.bytes.withUnsafeBytes { bytes in
            for (index, parameter) in sql.parameters.enumerated() {
                if parameter.length < 0 {
                    unsafe values[index] = nil
                } else if parameter.length == 0 {
                    // Empty is not NULL: the pointer must be there, though nothing is read from it.
                    unsafe values[index] = UnsafeRawPointer(lengths).assumingMemoryBound(to: CChar.self)
                } else {
                    unsafe values[index] = bytes.baseAddress?.advanced(by: parameter.offset)
                        .assumingMemoryBound(to: CChar.self)
                }
                unsafe lengths[index] = Int32(truncatingIfNeeded: max(0, parameter.length))
                unsafe formats[index] = 1
                unsafe types[index] = parameter.oid
            }
            return body(Int32(sql.parameters.count))
        }
    }
}
