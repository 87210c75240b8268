package dev.modelsigning.attestation;

import dev.modelsigning.attestation.ClaimsEnd.NoAppendException;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.FileTooLargeException;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.internal.file.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
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
    if (isSingle(file.toString())) {
      readSingle(file, sink);
      return;
    }
    // Here, as the sink verifies signatures: the time for that is not one of reading the file.
    SmallFile.<Boolean, IOException>parseHere(
        file,
        FileKind.CLAIMS,
        (content, size) -> {
          readLines(file.toString(), content, sink);
          return true;
        });
  }

  /**
   * Reads claims that are in no file, one by one, as {@link #read(Path, Sink)} does.
   *
   * @param location where they are; whether there is a single one depends on its end
   * @param content what is there
   * @param sink receives the claims
   * @throws IOException if there are more than {@link #MAX_CLAIMS} lines
   */
  public static void read(String location, Bytes content, Sink sink) throws IOException {
    if (!isSingle(location)) {
      readLines(location, content.inputStream(), sink);
      return;
    }
    Bundle bundle;
    try {
      bundle = StoredBundle.of(location, content.toArray()).bundle();
    } catch (MalformedBundleException e) {
      sink.malformed(1, e);
      return;
    }
    sink.claim(1, bundle);
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

  private static void readLines(String file, InputStream content, Sink sink) throws IOException {
    ClaimLines lines = new ClaimLines(content);
    while (lines.next()) {
      if (lines.number() > MAX_CLAIMS) {
        throw new FileSystemException(
            file, null, "expected at most " + MAX_CLAIMS + " claims, found more");
      }
      if (lines.isBlank()) {
        continue;
      }
      Bundle bundle;
      try {
        bundle = lines.bundle();
      } catch (MalformedBundleException e) {
        sink.malformed(lines.number(), e);
        continue;
      }
      sink.claim(lines.number(), bundle);
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
    requireLines(file.toString());
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
    Bytes json = json(file.toString(), claim);
    requireLines(file.toString());
    requireRenamable(file);
    try (ClaimsLock lock = ClaimsLock.acquire(file)) {
      ClaimsEnd end = end(file, json.length() + 2);
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
   * What there is once a claim was appended.
   *
   * @param content the whole content
   * @param line the line of the claim, from 1
   */
  public record Appended(Bytes content, long line) {}

  /**
   * Appends a claim to claims that are in no file, as {@link #append} does. Whoever writes the
   * result must see to it that claims of others are kept.
   *
   * @param location where they are, for messages
   * @param content what is there
   * @param claim the claim
   * @throws IOException if there would be more than a file may have, or nothing is appended to
   *     something with this name
   * @throws MalformedBundleException if these are no claims, or the last line is half of one
   */
  public static Appended appended(String location, Bytes content, Bundle claim)
      throws IOException, MalformedBundleException {
    Bytes json = json(location, claim);
    ClaimsEnd end = requireAppendable(location, content, json.length() + 2);
    return new Appended(
        Bytes.produced(out -> {
          content.writeTo(out);
          if (!end.terminated()) {
            out.write('\n');
          }
          json.writeTo(out);
          out.write('\n');
        }),
        end.lines() + 1);
  }

  /**
   * Checks, before anything is signed, whether a claim can be appended to claims that are in no
   * file.
   *
   * @throws IOException as {@link #appended} does
   * @throws MalformedBundleException as {@link #appended} does
   */
  public static void requireAppendable(String location, Bytes content)
      throws IOException, MalformedBundleException {
    requireAppendable(location, content, 1);
  }

  private static ClaimsEnd requireAppendable(String location, Bytes content, long more)
      throws IOException, MalformedBundleException {
    requireLines(location);
    try {
      return withRoom(location, ClaimsEnd.of(content.inputStream()), more);
    } catch (NoAppendException e) {
      throw e.named(location);
    }
  }

  private static Bytes json(String file, Bundle claim) throws FileSystemException {
    Bytes json = claim.toJson();
    if (json.length() > MAX_CLAIM) {
      throw new FileSystemException(
          file, null, "a claim has at most " + MAX_CLAIM + " bytes; nothing was added");
    }
    return json;
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
  private static void requireLines(String file) throws FileSystemException {
    if (isSingle(file)) {
      throw new FileSystemException(
          file,
          null,
          "a file with this name holds a single claim, and nothing is appended to it; choose a name"
              + " that does not end with "
              + SINGLE_BUNDLE
              + ", such as "
              + NAME);
    }
  }

  private static boolean isSingle(String file) {
    return file.endsWith(SINGLE_BUNDLE);
  }

  /** Finds the end of the file, and refuses one to which nothing can be appended. */
  private static ClaimsEnd end(Path file, long more) throws IOException, MalformedBundleException {
    if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
      return new ClaimsEnd(0, 0, true);
    }
    try {
      return withRoom(
          file.toString(),
          SmallFile.<ClaimsEnd, NoAppendException>parse(
              file, FileKind.CLAIMS, (content, size) -> ClaimsEnd.of(content)),
          more);
    } catch (FileTooLargeException e) {
      throw full(file.toString(), e);
    } catch (NoAppendException e) {
      throw e.named(file.toString());
    }
  }

  private static ClaimsEnd withRoom(String file, ClaimsEnd end, long more)
      throws FileSystemException {
    if (end.size() + more > MAX_SIZE || end.lines() >= MAX_CLAIMS) {
      throw full(file, null);
    }
    return end;
  }

  private static FileSystemException full(String file, @Nullable Exception cause) {
    FileSystemException full =
        new FileSystemException(
            file,
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

  private static void copy(Path file, ClaimsEnd end, OutputStream out) throws IOException {
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
