/** A backend that a command installs, in the words of its errors. */
export interface InstalledBackend {
  /** Its short name: `torch`. */
  readonly name: string;
  /** The library that it is compiled against: `libtorch`. */
  readonly library: string;
  /** What serves instead of a download, with the flag: `a PyTorch that is installed: --torch <its folder>`. */
  readonly instead: string;
}
