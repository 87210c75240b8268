package dev.modelsigning.cli.verify;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerificationOutcome;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.store.StoreArguments;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.s3.S3File;
import dev.modelsigning.s3.S3Model;
import dev.modelsigning.s3.S3Options;
import dev.modelsigning.s3.S3Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Verifies a model where it and its signature are: one of them is in an object store. */
final class StoreVerification implements AutoCloseable {

  /** Stands for the object with the signature where a model is asked whether a file is in it. */
  private static final Path SIGNATURE = Path.of("signature-in-the-object-store");

  private final ModelSource model;
  private final @Nullable S3Model stored;
  private final StoredBundle signature;

  private StoreVerification(ModelSource model, @Nullable S3Model stored, StoredBundle signature) {
    this.model = model;
    this.stored = stored;
    this.signature = signature;
  }

  /**
   * Reads the signature, and finds the model.
   *
   * @param source makes the source of a model that is here
   */
  static StoreVerification open(
      Place model,
      Place signature,
      S3Options options,
      Function<Path, ModelSource> source,
      CommandSpec command)
      throws IOException, MalformedBundleException {
    @Nullable S3Reference prefix =
        model.isInStore() ? StoreArguments.reference(model, command) : null;
    @Nullable S3Reference object =
        signature.isInStore() ? StoreArguments.object(signature, command) : null;
    StoredBundle bundle = object == null ? read(signature.path()) : read(object, options);
    if (prefix == null) {
      return new StoreVerification(source.apply(model.path()), null, bundle);
    }
    S3Model stored = S3Model.open(prefix, options);
    if (object != null) {
      stored.localCopy(SIGNATURE, object);
      bundle =
          new StoredBundle(
              bundle.location(),
              Optional.of(SIGNATURE),
              bundle.bundle(),
              bundle.size(),
              bundle.sha256());
    }
    return new StoreVerification(stored, stored, bundle);
  }

  private static StoredBundle read(Path file) throws IOException, MalformedBundleException {
    try {
      return StoredBundle.read(file);
    } catch (MalformedBundleException e) {
      throw new MalformedBundleException(file, e);
    }
  }

  private static StoredBundle read(S3Reference object, S3Options options)
      throws IOException, MalformedBundleException {
    try (S3File file = S3File.open(object, options)) {
      return StoredBundle.of(object.toString(), file.read(Bundle.MAX_SIZE));
    } catch (MalformedBundleException e) {
      throw new MalformedBundleException(object + ": " + e.getMessage(), e);
    }
  }

  /** Verifies the model, and copies it if a directory is named. */
  VerificationOutcome examine(ModelVerifier verifier, Optional<Path> copy) {
    return copy.isPresent()
        ? verifier.examineAndCopy(model, signature, copy.get())
        : verifier.examine(model, signature);
  }

  @Override
  public void close() {
    if (stored != null) {
      stored.close();
    }
  }
}
