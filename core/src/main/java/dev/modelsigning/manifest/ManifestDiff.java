package dev.modelsigning.manifest;

import dev.modelsigning.model.EntryKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The differences between a model and its signed manifest. Every list is in code point order.
 *
 * @param changed listed files whose content, size or type differs
 * @param missing listed files that do not exist
 * @param extra content of the model that is not signed
 */
public record ManifestDiff(List<Changed> changed, List<String> missing, List<Extra> extra) {

  /** Copies the lists. */
  public ManifestDiff {
    changed = List.copyOf(changed);
    missing = List.copyOf(missing);
    extra = List.copyOf(extra);
  }

  /** Whether there are no differences. */
  public boolean isEmpty() {
    return changed.isEmpty() && missing.isEmpty() && extra.isEmpty();
  }

  /**
   * A file or shard that differs from what was signed.
   *
   * @param name its name in the manifest
   * @param file the name of the file
   * @param expected what was signed: a digest, a size or a type
   * @param found the actual value
   * @param modified the modification time of the file according to its store; only a hint, which
   *     anybody can set
   */
  public record Changed(
      String name, String file, String expected, String found, Optional<Instant> modified) {}

  /**
   * An entry of the model directory that is not signed.
   *
   * @param name its path in the model, escaped where it cannot be represented
   * @param kind the kind of entry
   * @param modified its modification time according to its store; only a hint, which anybody can
   *     set; empty if it is not a file
   */
  public record Extra(String name, EntryKind kind, Optional<Instant> modified) {}
}
