package dev.modelsigning.policy;

import dev.modelsigning.ModelMismatchException;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a policy that was signed as a model of one file. */
final class SignedPolicy {

  private SignedPolicy() {}

  /** The bytes that were verified. */
  static byte[] read(Path file, Path signature, BundleVerifier by)
      throws IOException, MalformedBundleException, VerificationException {
    // Refuses what is no small regular file before anything is hashed.
    SmallFile.read(file, FileKind.POLICY);
    VerifiedModel verified;
    try {
      verified = ModelVerifier.using(by).verify(DirectorySource.of(file), signature);
    } catch (ModelMismatchException e) {
      throw renamed(file, e.differences()).orElse(e);
    }
    // Those bytes are parsed that were verified; a model of one file has one name.
    return verified.readAllBytes(verified.manifest().paths().get(0));
  }

  /** What is wrong if a policy has another name than the one by which it was signed. */
  private static Optional<VerificationException> renamed(Path file, ManifestDiff differences) {
    if (differences.missing().size() != 1 || !differences.changed().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new VerificationException(
            Reason.MODEL_MISMATCH,
            file
                + ": the policy was signed by the name "
                + Printable.quote(Printable.brief(differences.missing().get(0)))
                + ", and has another one now; give it that name again, or have it signed by its new"
                + " one"));
  }
}
