extension CommonCfg {
  /// Reads device-specific configuration until it is of one piece: until `config_generation` is the
  /// same after `read` as before it, VIRTIO 1.4 §2.5.1.
  ///
  ///     let mac = try CommonCfg.whileUnchanged(in: common) { () throws(BusError) in
  ///       try readMAC(from: device)
  ///     }
  ///
  /// Throws `.unsettled` when the configuration changed during each of `attempts` reads, and
  /// `.access` when `common` or `read` failed.
  public static func whileUnchanged<Value, Source: RegisterSource & ~Copyable & ~Escapable>(
    in common: borrowing Source, attempts: Int = 16, read: () throws(Source.Failure) -> Value
  ) throws(ConfigReadError<Source.Failure>) -> Value {
    do throws(Source.Failure) {
      var generation = try configGeneration.load(from: common)
      for _ in 0..<max(attempts, 0) {
        let value = try read()
        let before = generation
        generation = try configGeneration.load(from: common)
        if generation == before { return value }
      }
    } catch {
      throw .access(error)
    }
    throw .unsettled(attempts: attempts)
  }
}

/// Why device-specific configuration could not be read.
public enum ConfigReadError<Failure: Error>: Error {
  /// A register could not be read.
  case access(Failure)
  /// `config_generation` was never the same before and after the read.
  case unsettled(attempts: Int)
}

extension ConfigReadError: Equatable where Failure: Equatable {}

extension ConfigReadError: CustomStringConvertible where Failure: CustomStringConvertible {
  public var description: String {
    switch self {
    case .access(let failure): failure.description
    case .unsettled(let attempts): "config_generation changed during each of \(attempts) reads"
    }
  }
}
