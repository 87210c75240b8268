package dev.modelsigning.cli.sign;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.method.SigningMethod;
import dev.modelsigning.cli.method.SigningMethod.SameSigner;
import dev.modelsigning.cli.method.SigstoreMethod;
import dev.modelsigning.cli.predicate.ModelTrust;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.update.ModelUpdate;
import dev.modelsigning.update.UpdateRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Signing again after a change, without reading what is unchanged. */
final class UpdateArguments {

  @Option(
      names = "--update",
      description =
          "Verify the signature that is there, take the digests of unchanged files from it, read the"
              + " others, and sign anew. What is unchanged, a record of the last run with --update"
              + " says; without one, all is read.")
  private boolean update;

  @Option(
      names = "--full",
      description = "With --update: read all files, whatever the record says, and make a new one.")
  private boolean full;

  @Mixin private ModelTrust trust = new ModelTrust();

  /** Whether only what has changed is to be read. */
  boolean isGiven() {
    return update;
  }

  /**
   * Refuses invalid combinations of options.
   *
   * @param inRegistry whether the model is in a registry
   * @param inStore whether the model or the signature is in an object store
   * @param hasSecond whether a second signature is asked for
   */
  void requireUsage(CommandSpec command, boolean inRegistry, boolean inStore, boolean hasSecond) {
    if (!update && full) {
      throw new WrongUsage(command, "--full needs --update; without it, all files are read");
    }
    if (!update && trust.isAnyGiven()) {
      throw new WrongUsage(
          command, "the options --verify-... need --update, which verifies the earlier signature");
    }
    if (update && full && trust.isAnyGiven()) {
      throw new WrongUsage(
          command,
          "with --full nothing is taken from the earlier signature, so that it is not verified;"
              + " leave out the options --verify-...");
    }
    if (update && inRegistry) {
      throw new WrongUsage(
          command, "--update is for a model that is here; in a registry no file is read anyway");
    }
    if (update && Program.of(command).cluster().isPresent()) {
      throw new WrongUsage(command, "--update is for a model that is here; the cluster reads all");
    }
    if (update && inStore) {
      throw new WrongUsage(
          command,
          "--update is for a model and a signature that are here; in an object store all is read, and"
              + " --trust-stored-checksums reads less where you believe the store");
    }
    if (update && hasSecond) {
      throw new WrongUsage(
          command,
          "--update and --also exclude each other; sign with one key after the other, each to a"
              + " signature file of its own");
    }
    trust.requireUsage(command);
  }

  /** The files with whom to trust, which nothing must overwrite. */
  List<Path> files(CommandSpec command, boolean quiet) throws IOException {
    return trust.files(command, quiet);
  }

  /**
   * Verifies the signature that is there, and prepares to read what has changed since then.
   *
   * @param model the model's directory
   * @param signature the file with the signature
   * @param hasher how the model is hashed
   * @param method the way to sign
   * @param same supplies the verifier for who signs now
   */
  ModelUpdate open(
      Path model,
      Path signature,
      ModelHasher hasher,
      SigningMethod method,
      SameSigner same,
      CommandSpec command,
      boolean quiet)
      throws IOException,
          UnusableTrustException,
          SigningException,
          MalformedBundleException,
          VerificationException {
    if (!Files.isDirectory(model)) {
      throw new SigningException(
          model
              + ": --update is for a directory; this file is read as a whole, so sign it without");
    }
    UpdateRecords records = UpdateRecords.ofUser(Program.of(command).environment());
    if (full) {
      return ModelUpdate.ofAll(model, signature, records, hasher, "--full demands it");
    }
    if (!Files.exists(signature, LinkOption.NOFOLLOW_LINKS)) {
      return ModelUpdate.ofAll(model, signature, records, hasher, "there was no signature yet");
    }
    SigstoreMethod keyless = method instanceof SigstoreMethod sigstore ? sigstore : null;
    try {
      return ModelUpdate.since(
          model, signature, records, hasher, trust.verifier(same, keyless, command, quiet));
    } catch (MalformedBundleException e) {
      throw new SigningException(
          "the earlier signature cannot be read: "
              + e.getMessage()
              + "; write to another file, or remove it to read all files",
          e);
    } catch (VerificationException e) {
      boolean byAnother =
          Set.of(Reason.WRONG_KEY, Reason.WRONG_IDENTITY, Reason.WRONG_METHOD).contains(e.reason());
      throw new SigningException(
          (byAnother && !trust.isGiven()
                  ? "the earlier signature was not made by who signs now: "
                  : "the earlier signature cannot be relied on: ")
              + e.getMessage()
              + (trust.isGiven()
                  ? ""
                  : "; name its signer with --verify-key, --verify-certificate-chain, or"
                      + " --verify-identity and --verify-identity-provider")
              + "; or read all files with --full",
          e);
    }
  }
}
