package dev.modelsigning.cli.store;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerificationOutcome;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.s3.S3Model;
import dev.modelsigning.s3.S3Options;
import dev.modelsigning.s3.S3Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Verifies a model where it and its signature are: one of them is in an object store. */
public final class StoreVerification implements AutoCloseable {

  private final ModelSource model;
  private final @Nullable S3Model stored;
  private final StoredBundle signature;
  private final List<Finding> findings;

  private StoreVerification(
      ModelSource model, @Nullable S3Model stored, StoredBundle signature, List<Finding> findings) {
    this.model = model;
    this.stored = stored;
    this.signature = signature;
    this.findings = findings;
  }

  /**
   * Reads the signature, and finds the model.
   *
   * @param source makes the source of a model that is here
   */
  public static StoreVerification open(
      Place model,
      Place signature,
      S3Options options,
      Function<Path, ModelSource> source,
      CommandSpec command)
      throws IOException, MalformedBundleException {
    @Nullable S3Reference prefix =
        model.isInStore() ? StoreArguments.reference(model, command) : null;
    StoreFiles files = new StoreFiles(options, command);
    StoredBundle bundle =
        signature.isInStore() ? files.signature(signature) : read(signature.path());
    if (prefix == null) {
      return new StoreVerification(
          source.apply(model.path()),
          null,
          bundle,
          files.findings("the signature was read from the store"));
    }
    S3Model stored = S3Model.open(prefix, options);
    return new StoreVerification(
        stored,
        stored,
        signature.isInStore()
            ? standIn(stored, bundle, StoreArguments.object(signature, command))
            : bundle,
        List.of());
  }

  /**
   * Returns the same signature with a path that stands for its object where a model is asked
   * whether its signature lies in it.
   */
  public static StoredBundle standIn(S3Model model, StoredBundle bundle, S3Reference object) {
    Path path = Path.of("in-the-object-store", object.bucket(), object.key());
    model.localCopy(path, object);
    return new StoredBundle(
        bundle.location(), Optional.of(path), bundle.bundle(), bundle.size(), bundle.sha256());
  }

  private static StoredBundle read(Path file) throws IOException, MalformedBundleException {
    try {
      return StoredBundle.read(file);
    } catch (MalformedBundleException e) {
      throw new MalformedBundleException(file, e);
    }
  }

  /** Findings about the store of the signature, which a model there has itself. */
  public List<Finding> findings() {
    return findings;
  }

  /** Where the model is. */
  public ModelSource model() {
    return model;
  }

  /** The name that an object has or would have in the model; empty if it does not lie in it. */
  public Optional<String> nameOf(S3Reference object) {
    return stored == null ? Optional.empty() : stored.nameOf(object);
  }

  /** Verifies the model, and copies it if a directory is named. */
  public VerificationOutcome examine(ModelVerifier verifier, Optional<Path> copy) {
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
