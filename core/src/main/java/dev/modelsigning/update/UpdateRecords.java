package dev.modelsigning.update;

import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.internal.file.WholeFile;
import dev.modelsigning.internal.platform.FileOwners;
import dev.modelsigning.internal.platform.UserDirectories;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directory with the records of earlier runs, one for each model and signature file. A record
 * is authenticated with a random key beside it, and is used only by the same user on the same
 * machine.
 */
public final class UpdateRecords {

  private static final String KEY = "record.key";
  private static final int KEY_SIZE = 32;
  private static final int NAME_SIZE = 16;
  private static final List<Path> MACHINE_IDS =
      List.of(Path.of("/etc/machine-id"), Path.of("/proc/sys/kernel/hostname"));
  private static final int MOST = 4096;

  private static final Set<PosixFilePermission> OF_OTHERS =
      Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

  private final @Nullable Path directory;

  private UpdateRecords(@Nullable Path directory) {
    this.directory = directory;
  }

  /**
   * Returns the records in a directory.
   *
   * @param directory created when the first record is written, with access for the user alone
   */
  public static UpdateRecords in(Path directory) {
    return new UpdateRecords(directory);
  }

  /**
   * Returns the records of the user who runs this process: in {@code model-signing/updates} of the
   * directory for state (XDG Base Directory Specification).
   *
   * @param environment the variables
   */
  public static UpdateRecords ofUser(Map<String, String> environment) {
    return new UpdateRecords(
        UserDirectories.state(environment)
            .map(state -> state.resolve("model-signing").resolve("updates"))
            .orElse(null));
  }

  /**
   * What was found of an earlier run.
   *
   * @param record the record; empty if there is none that can be used
   * @param why why there is none; empty if there is one
   * @param suspect whether there is one that was changed or comes from elsewhere
   */
  record Found(Optional<UpdateRecord> record, String why, boolean suspect) {

    static Found none(String why) {
      return new Found(Optional.empty(), why, false);
    }
  }

  /**
   * Finds the record of the last run.
   *
   * @param model the model's directory, which exists
   * @param signature the file with its signature
   * @throws IOException if the model's directory cannot be found
   */
  Found find(Path model, Path signature) throws IOException {
    if (directory == null) {
      return Found.none(
          "there is no directory for records of earlier runs; " + UserDirectories.ADVICE);
    }
    Path file = file(directory, model, signature);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Found.none("there is no record of a run before");
    }
    try {
      Optional<UpdateRecord> record =
          UpdateRecord.read(read(file), key(directory), context(model, signature));
      return record.isPresent()
          ? new Found(record, "", false)
          : new Found(
              Optional.empty(),
              "the record of the last run was changed, or is of another machine or user",
              true);
    } catch (IOException e) {
      return new Found(
          Optional.empty(), "the record of the last run cannot be used: " + e.getMessage(), true);
    }
  }

  private static byte[] key(Path directory) throws IOException {
    Path file = directory.resolve(KEY);
    byte[] key = read(file);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")
        && Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
      throw new FileSystemException(
          file.toString(), null, "others can read it; delete it to start anew");
    }
    if (key.length != KEY_SIZE) {
      throw new FileSystemException(
          file.toString(), null, "expected " + KEY_SIZE + " bytes; delete it to start anew");
    }
    return key;
  }

  private static byte[] read(Path file) throws IOException {
    FileOwners.requireOurs(file, "which files are read");
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(file.toString(), null, "expected a regular file");
    }
    return SmallFile.read(file, FileKind.CACHE);
  }

  /**
   * Replaces the record of the last run.
   *
   * @param model the model's directory
   * @param signature the file with its signature
   * @throws IOException if it cannot be written
   */
  void write(Path model, Path signature, UpdateRecord record) throws IOException {
    if (directory == null) {
      throw new IOException("no directory for records; " + UserDirectories.ADVICE);
    }
    createDirectory(directory);
    FileOwners.requireOurs(directory, "which files are read");
    Path keyFile = directory.resolve(KEY);
    if (!Files.exists(keyFile, LinkOption.NOFOLLOW_LINKS)) {
      byte[] fresh = new byte[KEY_SIZE];
      new SecureRandom().nextBytes(fresh);
      try {
        WholeFile.createOwnerOnly(keyFile, fresh);
      } catch (FileSystemException e) {
        if (!Files.exists(keyFile, LinkOption.NOFOLLOW_LINKS)) {
          throw e;
        }
        // Another run created it meanwhile.
      }
    }
    byte[] key = key(directory);
    WholeFile.write(
        file(directory, model, signature), record.toBytes(key, context(model, signature)));
  }

  private static void createDirectory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createDirectory(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectory(directory);
      }
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
  }

  private static Path file(Path directory, Path model, Path signature) throws IOException {
    byte[] digest = UpdateRecord.sha256().digest(places(model, signature));
    return directory.resolve(HexFormat.of().formatHex(digest, 0, NAME_SIZE) + ".record");
  }

  /** What a record is for: the machine, the user, the model and its signature. */
  private static byte[] context(Path model, Path signature) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    add(out, machine());
    add(out, System.getProperty("user.name", ""));
    out.writeBytes(places(model, signature));
    return out.toByteArray();
  }

  private static byte[] places(Path model, Path signature) throws IOException {
    Path file = signature.toAbsolutePath().normalize();
    Path beside = file.getParent();
    Path place = beside == null ? file : beside.toRealPath().resolve(file.getFileName());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    // A path's URI has the bytes of its name, also if they are no characters.
    add(out, model.toRealPath().toUri().getRawPath());
    add(out, place.toUri().getRawPath());
    return out.toByteArray();
  }

  private static void add(ByteArrayOutputStream out, String part) {
    out.writeBytes(part.getBytes(StandardCharsets.UTF_8));
    out.write(0);
  }

  private static String machine() throws IOException {
    StringBuilder result = new StringBuilder();
    for (Path file : MACHINE_IDS) {
      if (Files.isReadable(file)) {
        try (var in = Files.newInputStream(file)) {
          result.append(new String(in.readNBytes(MOST), StandardCharsets.ISO_8859_1).strip());
        }
      }
      result.append('\n');
    }
    return result.toString();
  }
}
