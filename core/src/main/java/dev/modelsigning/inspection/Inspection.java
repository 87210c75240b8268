package dev.modelsigning.inspection;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The content of a signature file, layer by layer, <em>without any verification</em>: anybody may
 * have written it. It is for display only; {@code dev.modelsigning.ModelVerifier} verifies
 * signatures.
 */
public final class Inspection {

  private final StoredBundle file;
  private final SignerClaims signer;
  private final @Nullable Statement statement;
  private final @Nullable Manifest manifest;
  private final @Nullable MalformedBundleException problem;

  private Inspection(StoredBundle file, KeylessClaims.Reader keyless) {
    this.file = file;
    this.signer = SignerClaims.of(file.bundle(), keyless);
    Statement read = null;
    Manifest listed = null;
    MalformedBundleException failure = null;
    try {
      read = Statement.readUnverified(file.bundle());
      listed = read.manifest();
    } catch (MalformedBundleException e) {
      failure = e;
    }
    this.statement = read;
    this.manifest = listed;
    this.problem = failure;
  }

  /**
   * Reads a signature file. If the statement in it does not describe a model, the other layers are
   * still available.
   *
   * @param file the file
   * @param keyless reads keyless bundles
   * @throws IOException if it cannot be read
   * @throws MalformedBundleException if it is not a valid bundle, so that nothing can be shown
   */
  public static Inspection read(Path file, KeylessClaims.Reader keyless)
      throws IOException, MalformedBundleException {
    return of(StoredBundle.read(file), keyless);
  }

  /**
   * Inspects a bundle that was read from a file.
   *
   * @param keyless reads keyless bundles
   */
  public static Inspection of(StoredBundle file, KeylessClaims.Reader keyless) {
    return new Inspection(file, keyless);
  }

  /** The file and the bundle in it. */
  public StoredBundle file() {
    return file;
  }

  /** The bundle. */
  public Bundle bundle() {
    return file.bundle();
  }

  /** The claimed signer, and the claimed times. */
  public SignerClaims signer() {
    return signer;
  }

  /** The statement; empty if the payload is not a readable in-toto statement. */
  public Optional<Statement> statement() {
    return Optional.ofNullable(statement);
  }

  /** The listed files; empty if the statement does not describe the files of a model. */
  public Optional<Manifest> manifest() {
    return Optional.ofNullable(manifest);
  }

  /**
   * What is wrong with the statement; empty if it describes a model. A signature with such a
   * statement never verifies.
   */
  public Optional<MalformedBundleException> problem() {
    return Optional.ofNullable(problem);
  }

  /** The bytes that are signed: the Pre-Authentication Encoding of the payload (DSSE). */
  public Bytes pae() {
    return bundle().envelope().payload().pae();
  }

  /** SHA-256 of the bytes that are signed, in lower-case hexadecimal. */
  public String paeDigest() {
    try {
      return HexFormat.of().formatHex(pae().digest(MessageDigest.getInstance("SHA-256")));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The first line of every display: that nothing is verified. */
  public String headline() {
    return "NOT VERIFIED: this is what the file says";
  }

  /**
   * Writes it as text, line by line, below the {@linkplain #headline() headline}.
   *
   * @param layer the layer to show; empty for all, nested
   * @param most the largest number of lines of a list; the number of the others follows
   * @param lines receives the lines, one by one, and must escape them
   */
  public void writeLines(Optional<Layer> layer, int most, Consumer<String> lines) {
    InspectionText.write(this, layer, most, lines);
  }

  /**
   * Writes it as one JSON object on one line, in ASCII, whose first member says that nothing is
   * verified. Lists are complete.
   *
   * @param layer the layer to write; empty for all, nested
   * @param out the stream, which is not closed
   * @throws IOException if it cannot be written
   */
  public void writeJson(Optional<Layer> layer, OutputStream out) throws IOException {
    JsonWriter.asciiDocument(out, json -> InspectionJson.write(this, layer, json));
    out.write('\n');
  }
}
