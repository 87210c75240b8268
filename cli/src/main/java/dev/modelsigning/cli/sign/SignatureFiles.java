package dev.modelsigning.cli.sign;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.BundleFile;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files of a signature, and of a second one beside it, that are written when it is attached to
 * a model in a registry. Space is reserved before; until then nothing is seen of them.
 */
final class SignatureFiles implements AutoCloseable {

  private final Path path;
  private final boolean replaced;
  private final boolean besideReplaced;
  private final BundleFile file;
  private final Bundle bundle;
  private final @Nullable BundleFile beside;
  private final @Nullable Bundle also;

  private SignatureFiles(
      Path path,
      BundleFile file,
      Bundle bundle,
      @Nullable BundleFile beside,
      @Nullable Bundle also) {
    this.path = path;
    this.replaced = Files.exists(path);
    this.besideReplaced = Files.exists(AlsoArguments.beside(path));
    this.file = file;
    this.bundle = bundle;
    this.beside = beside;
    this.also = also;
  }

  /** Reserves space for a signature, and for a second one if there is one. */
  static SignatureFiles reserve(Path path, Bundle bundle, Optional<Bundle> also)
      throws IOException {
    BundleFile file = BundleFile.reserve(path, bundle.toJson().length());
    if (also.isEmpty()) {
      return new SignatureFiles(path, file, bundle, null, null);
    }
    try {
      BundleFile beside =
          BundleFile.reserve(AlsoArguments.beside(path), also.get().toJson().length());
      return new SignatureFiles(path, file, bundle, beside, also.get());
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** Requires that a file with a name that nobody typed is not there, or is a signature. */
  static void requireReplaceable(Path beside) throws IOException, SigningException {
    if (!Files.isRegularFile(beside, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      Bundle.read(beside);
    } catch (MalformedBundleException e) {
      throw new SigningException(
          "the signature would replace "
              + beside
              + ", which is not a signature; choose another place for it",
          e);
    }
  }

  /** Writes them, both or none. */
  void write() throws IOException {
    BundleFile second = beside;
    Bundle other = also;
    if (second == null || other == null) {
      file.write(bundle);
    } else {
      BundleFile.writeBoth(second, other, file, bundle);
    }
  }

  Path path() {
    return path;
  }

  /** Whether there was a signature before. */
  boolean replaced() {
    return replaced;
  }

  /** Whether there was a second one before. */
  boolean besideReplaced() {
    return besideReplaced;
  }

  @Override
  public void close() throws IOException {
    try {
      if (beside != null) {
        beside.close();
      }
    } finally {
      file.close();
    }
  }
}
