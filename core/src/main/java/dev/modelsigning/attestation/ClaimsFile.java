package dev.modelsigning.attestation;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.FileTooLargeException;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.internal.file.WholeFile;
import dev.modelsigning.statement.AttestedStatement;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A file with claims about models: one Sigstore bundle on each line. Claims are only appended. Its
 * name is {@code claims.jsonl} by convention, and it lies beside the model.
 *
 * <p>Several programs can append at the same time: each locks a file beside it, {@code
 * .claims.jsonl.lock}, writes the whole content to a temporary file and renames that. The operating
 * system releases the lock of a program that was killed.
 */
public final class ClaimsFile {

  /** The conventional name. */
  public static final String NAME = "claims.jsonl";

  /** The largest file that is read or written, in bytes. */
  public static final int MAX_SIZE = FileKind.CLAIMS.maxSize();

  /** The longest claim that is read or written, in bytes: enough for a predicate of 16 MiB. */
  public static final int MAX_CLAIM = 32 * 1024 * 1024;

  /** The largest number of claims in a file. */
  public static final int MAX_CLAIMS = 100_000;

  private static final String SINGLE_BUNDLE = ".json";

  /** How a bundle begins. */
  private static final byte[] BEGINNING = "{\"mediaType\"".getBytes(StandardCharsets.US_ASCII);

  private ClaimsFile() {}

  /** Receives the claims in a file, in their order. */
  public interface Sink {

    /**
     * Receives a claim, whose signature is not verified.
     *
     * @param line its line, from 1
     * @param bundle the bundle
     * @throws IOException if it cannot be processed; nothing more is read then
     */
    void claim(long line, Bundle bundle) throws IOException;

    /**
     * Receives the reason why a line is not a claim. The following lines are read nevertheless.
     *
     * @param line its line, from 1
     * @param why what is wrong with it
     * @throws IOException if it cannot be processed; nothing more is read then
     */
    void malformed(long line, MalformedBundleException why) throws IOException;
  }

  /**
   * Reads claims, one by one.
   *
   * @param file one bundle on each line, or, if its name ends with {@code .json}, a single bundle.
   *     Empty lines are skipped
   * @param sink receives the claims
   * @throws IOException if the file cannot be read, or has more than {@link #MAX_SIZE} bytes or
   *     {@link #MAX_CLAIMS} lines
   */
  public static void read(Path file, Sink sink) throws IOException {
    if (isSingle(file)) {
      readSingle(file, sink);
      return;
    }
    // Here, as the sink verifies signatures: the time for that is not one of reading the file.
    SmallFile.<Boolean, IOException>parseHere(
        file,
        FileKind.CLAIMS,
        (content, size) -> {
          readLines(file, content, sink);
          return true;
        });
  }

  private static void readSingle(Path file, Sink sink) throws IOException {
    Bundle bundle;
    try {
      bundle = StoredBundle.read(file).bundle();
    } catch (MalformedBundleException e) {
      sink.malformed(1, e);
      return;
    }
    sink.claim(1, bundle);
  }

  private static void readLines(Path file, InputStream content, Sink sink) throws IOException {
    ClaimLines lines = new ClaimLines(content);
    while (lines.next()) {
      if (lines.number() > MAX_CLAIMS) {
        throw new FileSystemException(
            file.toString(), null, "expected at most " + MAX_CLAIMS + " claims, found more");
      }
      if (lines.isBlank()) {
        continue;
      }
      Bundle bundle;
      try {
        bundle = parse(lines);
      } catch (MalformedBundleException e) {
        sink.malformed(lines.number(), e);
        continue;
      }
      sink.claim(lines.number(), bundle);
    }
  }

  private static Bundle parse(ClaimLines lines) throws MalformedBundleException {
    if (lines.isTooLong()) {
      throw new MalformedBundleException("bundle: is larger than " + MAX_CLAIM + " bytes");
    }
    try {
      return Bundle.parse(Bytes.of(lines.bytes()));
    } catch (MalformedBundleException e) {
      if (lines.isTerminated()) {
        throw e;
      }
      throw new MalformedBundleException(
          "the last line has no line end, so it may be half of a claim: " + e.getMessage(), e);
    }
  }

  /**
   * Checks, before anything is signed, whether a claim can be appended.
   *
   * @param file the claims file, which may not exist yet
   * @throws IOException if it cannot be written, or its name ends with {@code .json}
   * @throws MalformedBundleException if its first line is not a claim, or its last line half of one
   */
  public static void requireWritable(Path file) throws IOException, MalformedBundleException {
    requireLines(file);
    requireRenamable(file);
    try (ClaimsLock lock = ClaimsLock.acquire(file)) {
      end(file, 1);
      lock.requireHeld();
      WholeFile.begin(file, 0).close();
    }
  }

  /**
   * Appends a claim, whole or not at all. Claims that other programs append at the same time are
   * kept.
   *
   * @param file the claims file, which is created if it does not exist
   * @param claim the claim
   * @return its line, from 1
   * @throws IOException if the file cannot be read or written, would become larger than {@link
   *     #MAX_SIZE}, is locked by another program for a minute, or has a name that ends with {@code
   *     .json}
   * @throws MalformedBundleException if its first line is not a claim, so that it is a file of
   *     another kind, or its last line is half of one
   */
  public static long append(Path file, Bundle claim) throws IOException, MalformedBundleException {
    Bytes json = claim.toJson();
    if (json.length() > MAX_CLAIM) {
      throw new FileSystemException(
          file.toString(), null, "a claim has at most " + MAX_CLAIM + " bytes; nothing was added");
    }
    requireLines(file);
    requireRenamable(file);
    try (ClaimsLock lock = ClaimsLock.acquire(file)) {
      End end = end(file, json.length() + 2);
      try (WholeFile next = WholeFile.begin(file, end.size() + json.length() + 2)) {
        next.finish(out -> {
          copy(file, end, out);
          json.writeTo(out);
          out.write('\n');
          out.flush();
          lock.requireHeld();
        });
      }
      return end.lines() + 1;
    }
  }

  /**
   * Refuses a file that is itself a mount point, as in a container: it cannot be replaced, and is
   * locked under another name by those who see it elsewhere, so claims would be lost.
   */
  private static void requireRenamable(Path file) throws IOException {
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && WholeFile.isMountPoint(file)) {
      throw new FileSystemException(
          file.toString(),
          null,
          "is mounted by itself, so claims of others could be lost; mount its directory");
    }
  }

  /** Refuses a name by which the file would be read as a single bundle. */
  private static void requireLines(Path file) throws FileSystemException {
    if (isSingle(file)) {
      throw new FileSystemException(
          file.toString(),
          null,
          "a file with this name holds a single claim, and nothing is appended to it; choose a name"
              + " that does not end with "
              + SINGLE_BUNDLE
              + ", such as "
              + NAME);
    }
  }

  private static boolean isSingle(Path file) {
    return file.toString().endsWith(SINGLE_BUNDLE);
  }

  /**
   * The end of a claims file.
   *
   * @param size the number of bytes
   * @param lines the number of lines
   * @param terminated whether the last one has a line end; also true for an empty file
   */
  private record End(long size, long lines, boolean terminated) {}

  /** Finds the end of the file, and refuses one to which nothing can be appended. */
  private static End end(Path file, long more) throws IOException, MalformedBundleException {
    if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
      return new End(0, 0, true);
    }
    try {
      End end =
          SmallFile.<End, NoAppendException>parse(
              file, FileKind.CLAIMS, (content, size) -> end(content));
      if (end.size() + more > MAX_SIZE || end.lines() >= MAX_CLAIMS) {
        throw full(file, null);
      }
      return end;
    } catch (FileTooLargeException e) {
      throw full(file, e);
    } catch (NoAppendException e) {
      String why =
          e instanceof HalfClaimException
              ? "the last line is half of a claim, so nothing can be appended; remove this line: "
              : "this is no claims file, so nothing is appended to it; choose another one with"
                  + " --claims: ";
      throw new MalformedBundleException(file + ":" + e.line + ": " + why + e.getMessage(), e);
    }
  }

  private static FileSystemException full(Path file, @Nullable Exception cause) {
    FileSystemException full =
        new FileSystemException(
            file.toString(),
            null,
            "would have more than "
                + MAX_SIZE
                + " bytes or "
                + MAX_CLAIMS
                + " claims; choose another file with --claims");
    if (cause != null) {
      full.initCause(cause);
    }
    return full;
  }

  /** Nothing can be appended because of a line. */
  private abstract static class NoAppendException extends Exception {
    private static final long serialVersionUID = 1L;

    final long line;

    NoAppendException(long line, MalformedBundleException cause) {
      super(cause.getMessage(), cause);
      this.line = line;
    }
  }

  /** The last line is incomplete. */
  private static final class HalfClaimException extends NoAppendException {
    private static final long serialVersionUID = 1L;

    HalfClaimException(long line, MalformedBundleException cause) {
      super(line, cause);
    }
  }

  /** The first line is not a claim, so the file is one with another purpose. */
  private static final class NoClaimException extends NoAppendException {
    private static final long serialVersionUID = 1L;

    NoClaimException(long line, MalformedBundleException cause) {
      super(line, cause);
    }
  }

  private static End end(InputStream content) throws IOException, NoAppendException {
    ClaimLines lines = new ClaimLines(content);
    // The first line that is not empty, as long as no bundle was found.
    long other = 0;
    MalformedBundleException why = null;
    boolean found = false;
    while (lines.next()) {
      if (lines.isBlank() || (found && lines.isTerminated())) {
        continue;
      }
      try {
        Bundle bundle = parse(lines);
        if (!found) {
          requireNoSignature(bundle, lines.number());
          found = true;
        }
      } catch (MalformedBundleException e) {
        if (!lines.isTerminated()) {
          throw new HalfClaimException(lines.number(), e);
        }
        if (why == null && !mayBeCutOff(lines)) {
          other = lines.number();
          why = e;
        }
      }
    }
    if (!found && why != null) {
      throw new NoClaimException(other, why);
    }
    return new End(lines.size(), lines.number(), lines.isTerminated());
  }

  /** Whether a line may be what is left of a claim, as this program writes them. */
  private static boolean mayBeCutOff(ClaimLines lines) {
    byte[] line = lines.bytes();
    int length = Math.min(line.length, BEGINNING.length);
    return lines.isTooLong() || Arrays.equals(line, 0, length, BEGINNING, 0, length);
  }

  /** Refuses the signature of a model: with a second bundle behind it, it would be damaged. */
  private static void requireNoSignature(Bundle bundle, long line) throws NoClaimException {
    if (AttestedStatement.isSignatureOfModel(bundle)) {
      throw new NoClaimException(
          line, new MalformedBundleException("this is the signature of a model"));
    }
  }

  private static void copy(Path file, End end, OutputStream out) throws IOException {
    if (end.size() == 0) {
      return;
    }
    long copied =
        SmallFile.<Long, IOException>parse(
            file, FileKind.CLAIMS, (content, size) -> content.transferTo(out));
    if (copied != end.size()) {
      throw new FileSystemException(
          file.toString(),
          null,
          "was changed while it was read, by a program that ignores its lock");
    }
    if (!end.terminated()) {
      out.write('\n');
    }
  }
}
