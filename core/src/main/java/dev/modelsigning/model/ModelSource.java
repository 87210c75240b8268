package dev.modelsigning.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the bytes of a model are: a directory, a bucket, an image. A source says what there is, and
 * every entry gets a verdict; it never leaves one out of its own accord (OMS 6.1).
 *
 * <p>Names are the source's own. None that a manifest lists is ever asked for, so none can lead out
 * of the model.
 */
public interface ModelSource {

  /**
   * The name of the model (OMS 6.5).
   *
   * @throws IOException if it cannot be found out, as the model does not exist
   */
  String name() throws IOException;

  /** Where the model is, as people are shown it: a path, a URI. */
  String location();

  /**
   * Lists what there is.
   *
   * <p>A source that can hash while it lists, or knows digests from elsewhere, hands them out; the
   * other files are hashed by a {@link Digester}.
   *
   * @param selection what is left out, and what becomes of links
   * @param hashing how to hash, if the source may hash files itself; empty if it only lists
   * @param listing takes what is found. What has a name that is not canonical, or is left out by a
   *     rule, may be told all the same: the listing judges it
   * @throws IOException if the listing cannot be read to its end, or changes meanwhile; or if the
   *     listing has failed
   */
  void list(Selection selection, Optional<Hashing> hashing, Listing listing) throws IOException;

  /**
   * The canonical path in the model of a file that is named by a path, such as that of its
   * signature.
   *
   * @return empty if the file is not in the model
   * @throws IOException if that cannot be found out
   */
  default Optional<String> nameOf(Path file) throws IOException {
    return Optional.empty();
  }
}
