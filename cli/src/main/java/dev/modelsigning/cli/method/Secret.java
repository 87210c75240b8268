package dev.modelsigning.cli.method;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A file with a secret that is used for signing, which must not be published with the model. It is
 * found in a manifest by its digest, so also under another name, as a copy or by a link.
 *
 * @param content what it contains, such as {@code private key}
 * @param file the file
 * @param digest the digest of its content, or of the first shard
 */
public record Secret(String content, Path file, Digest digest) {

  /** Larger files contain no key, and are not hashed. */
  private static final long LARGEST = 16L << 20;

  /**
   * Returns those of these files that exist and are not empty. Others, such as pipes, can be read
   * only once.
   *
   * @param content what they contain
   * @param hasher hashes like the hasher of the model
   * @throws IOException if one cannot be read
   */
  static Stream<Secret> in(String content, List<Path> files, ModelHasher hasher)
      throws IOException {
    Stream.Builder<Secret> secrets = Stream.builder();
    for (Path file : files) {
      if (Files.isRegularFile(file) && Files.isReadable(file)) {
        long size = Files.size(file);
        if (size > 0 && size <= LARGEST) {
          Manifest manifest = hasher.hash(file.toRealPath()).manifest();
          secrets.add(new Secret(content, file, manifest.resources().get(0).digest()));
        }
      }
    }
    return secrets.build();
  }

  /** The finding about it, if it is signed as part of the model. */
  public Optional<Finding> findIn(Manifest signed) {
    return signed.resources().stream()
        .filter(resource -> resource.digest().equals(digest))
        .findFirst()
        .map(resource ->
            Finding.of(
                    Rules.PRIVATE_KEY_IN_MODEL,
                    file
                        + ": the "
                        + content
                        + " is in the model and is signed with it (as "
                        + Printable.quote(resource.name())
                        + "), so whoever gets the model gets the "
                        + content
                        + "; move it out of the model and sign again")
                .withFile(resource.name()));
  }
}
