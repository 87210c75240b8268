package dev.modelsigning.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The storage of a model: a directory, a bucket, an image. A source reports every entry, each of
 * which is judged; it never omits one on its own (OMS 6.1).
 *
 * <p>Names come from the source. No name in a manifest is ever used for access, so none can lead
 * out of the model.
 */
public interface ModelSource {

  /**
   * The name of the model (OMS 6.5).
   *
   * @throws IOException if it cannot be determined because the model does not exist
   */
  String name() throws IOException;

  /** Where the model is, for display: a path or a URI. */
  String location();

  /**
   * Lists all entries.
   *
   * <p>A source that can hash while it lists, or knows digests, passes the digests; the other files
   * are hashed by a {@link Digester}.
   *
   * @param selection decides what is left out and whether links are followed
   * @param hashing how to hash, if the source may hash files itself; empty if it only lists
   * @param listing receives the entries. Entries whose name is not canonical, or that a rule leaves
   *     out, may be passed too: the listing decides about them
   * @throws IOException if the entries cannot be listed completely, or change meanwhile; or if the
   *     listing has failed
   */
  void list(Selection selection, Optional<Hashing> hashing, Listing listing) throws IOException;

  /**
   * Returns the canonical path in the model of a file in a file system, such as its signature file.
   *
   * @return empty if the file is not in the model
   * @throws IOException if that cannot be determined
   */
  default Optional<String> nameOf(Path file) throws IOException {
    return Optional.empty();
  }
}
