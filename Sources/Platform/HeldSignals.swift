#if canImport(Glibc)
  private import Glibc
#else
  private import Musl
#endif

/// Calls `body` with signals held back from this thread: one that ends or stops the program does so
/// after `body`, and so after what `body` puts back is put back.
///
/// That is as long as a probe takes, which is finite; SIGKILL and SIGSTOP wait for nothing.
package func holdingSignals<Value, Failure: Error>(
  _ body: () throws(Failure) -> Value
) throws(Failure) -> Value {
  var (all, before) = (sigset_t(), sigset_t())
  // A fault of this thread is never held back, whatever the mask says.
  unsafe sigfillset(&all)
  unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
  defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
  return try body()
}
