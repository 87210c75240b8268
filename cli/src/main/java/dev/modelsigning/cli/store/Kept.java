package dev.modelsigning.cli.store;

import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.report.FailureMessage;
import dev.modelsigning.s3.S3Reference;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What was signed and cannot be written to a store: it is kept here, as signing may be dear. */
public final class Kept {

  private Kept() {}

  /**
   * The failure to write a signature that is kept.
   *
   * @param object where it could not be written
   * @param why why
   * @param file where it is
   */
  public static FileSystemException signature(S3Reference object, IOException why, Path file) {
    return failure(
        object,
        why,
        "the signature is in " + file + ": copy it there, or sign again with another --signature");
  }

  /**
   * Keeps a claim in a new file.
   *
   * @param object the claims to which it could not be appended
   * @param why why
   * @return the failure, which names the file
   */
  static FileSystemException claim(S3Reference object, Exception why, Bundle claim) {
    try {
      Path file = Files.createTempDirectory("model-signing-").resolve(ClaimsFile.NAME);
      ClaimsFile.append(file, claim);
      return failure(
          object,
          why,
          "the attestation is in "
              + file
              + ": append it to the claims, or attest again with another --claims");
    } catch (IOException | MalformedBundleException e) {
      FileSystemException failure =
          failure(object, why, "the attestation cannot be kept here: " + FailureMessage.of(e));
      failure.addSuppressed(e);
      return failure;
    }
  }

  private static FileSystemException failure(S3Reference object, Exception why, String more) {
    String message = FailureMessage.of(why);
    String start = object + ": ";
    FileSystemException failure =
        new FileSystemException(
            object.toString(),
            null,
            (message.startsWith(start) ? message.substring(start.length()) : message)
                + "; "
                + more);
    failure.initCause(why);
    return failure;
  }
}
