package dev.modelsigning.cli.sign;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.SignedModel;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.store.Kept;
import dev.modelsigning.cli.store.StoreArguments;
import dev.modelsigning.cli.store.StoreFiles;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.s3.S3File;
import dev.modelsigning.s3.S3Model;
import dev.modelsigning.s3.S3Options;
import dev.modelsigning.s3.S3Reference;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Signs a model where it and its signature are: one of them is in an object store. The signature is
 * first made in a temporary file, and then written at once.
 */
final class StoreSigning implements AutoCloseable {

  private final ModelSource model;
  private final @Nullable S3Model stored;
  private final @Nullable S3File signature;
  private final Path file;
  private final @Nullable Path temporary;
  private final boolean replaced;

  /** Whether the temporary file is the only one with the signature. */
  private boolean kept;

  private StoreSigning(
      ModelSource model,
      @Nullable S3Model stored,
      @Nullable S3File signature,
      Path file,
      @Nullable Path temporary,
      boolean replaced) {
    this.model = model;
    this.stored = stored;
    this.signature = signature;
    this.file = file;
    this.temporary = temporary;
    this.replaced = replaced;
  }

  /**
   * Finds the model, and looks at what the signature would replace or be in the way of.
   *
   * @throws SigningException if that is no signature, or the model
   */
  static StoreSigning open(Place model, Place signature, S3Options options, CommandSpec command)
      throws IOException, SigningException {
    @Nullable S3Reference object =
        signature.isInStore() ? StoreArguments.object(signature, command) : null;
    @Nullable S3Reference prefix =
        model.isInStore() ? StoreArguments.reference(model, command) : null;
    if (object != null && prefix != null && StoreArguments.collides(object, prefix)) {
      throw new SigningException(
          "the signature would replace the model "
              + model
              + ", or lie above it, where nothing else can be; choose another place for it with"
              + " --signature, such as "
              + new S3Reference(prefix.bucket(), prefix.key() + ".sig", false));
    }
    @Nullable S3File target = object == null ? null : S3File.open(object, options);
    @Nullable S3Model stored = null;
    try {
      if (target != null && target.exists()) {
        requireSignature(target, signature);
      }
      if (target != null) {
        StoreArguments.requireFree(target, "the signature", "--signature");
      }
      stored = prefix == null ? null : S3Model.open(prefix, options);
      @Nullable Path temporary =
          target == null ? null : Files.createTempDirectory("model-signing-");
      Path file = temporary == null ? signature.path() : temporary.resolve("model.sig");
      if (stored != null && object != null) {
        stored.localCopy(file, object);
      }
      boolean replaced = target == null ? Files.exists(file) : target.exists();
      return new StoreSigning(
          stored == null ? DirectorySource.of(model.path()) : stored,
          stored,
          target,
          file,
          temporary,
          replaced);
    } catch (IOException | SigningException | RuntimeException e) {
      if (stored != null) {
        stored.close();
      }
      if (target != null) {
        target.close();
      }
      throw e;
    }
  }

  /** Nobody looks at what is written over in a bucket, so only another signature is. */
  private static void requireSignature(S3File target, Place place)
      throws IOException, SigningException {
    try {
      StoredBundle.of(place.toString(), target.read(Bundle.MAX_SIZE));
    } catch (MalformedBundleException e) {
      throw new SigningException(
          "the signature would replace "
              + place
              + ", which is not a signature; choose another place for it",
          e);
    }
  }

  /** Findings about the store of the signature, which a model there has itself. */
  List<Finding> findings() {
    return signature == null || stored != null
        ? List.of()
        : signature.namedEndpoint().stream()
            .map(
                address -> StoreFiles.namedStore("the signature was written to the store", address))
            .toList();
  }

  /** Whether there was a signature before. */
  boolean isReplaced() {
    return replaced;
  }

  /**
   * Signs the model and writes the signature. One that cannot be written to a store is kept in the
   * temporary file: a large model was read for it, and perhaps somebody touched a key.
   */
  SignedModel sign(ModelSigner signer) throws IOException, SigningException {
    SignedModel signed = signer.sign(model, file);
    if (signature != null) {
      try {
        signature.write(Files.readAllBytes(file));
      } catch (IOException e) {
        kept = true;
        throw Kept.signature(signature.reference(), e, file);
      }
    }
    return signed;
  }

  @Override
  public void close() throws IOException {
    if (stored != null) {
      stored.close();
    }
    if (signature != null) {
      signature.close();
    }
    if (temporary != null && !kept) {
      Files.deleteIfExists(file);
      Files.deleteIfExists(temporary);
    }
  }
}
