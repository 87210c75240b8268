package dev.modelsigning.local;

import dev.modelsigning.internal.engine.FileHash;
import dev.modelsigning.internal.engine.FoundDirectory;
import dev.modelsigning.internal.engine.HashInput;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.model.HashOutcome;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.HashProgress;
import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.Selection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A model that is a directory or a file, on any file system: that of the machine, a zip file,
 * memory. Files are hashed as they are found. Where the file system supports it, directories and
 * files are opened relative to an open directory, so that no component of their path can be
 * replaced by a link in the meantime.
 *
 * <p>The content of a zip file is what the JDK's file system provides: of two entries with the same
 * name the last one, and none below the name of a file. A program that reads the entries
 * sequentially may find others, so a verified model must be read through the file system too.
 */
public final class DirectorySource implements ModelSource {

  /** The name of a file whose name is not UTF-8: one that can never be signed (OMS 6.1.2). */
  private static final String NAMELESS = ".";

  private final Path model;

  private DirectorySource(Path model) {
    this.model = model;
  }

  /**
   * Returns the model at a path.
   *
   * @param model its directory or file; it need not exist yet
   */
  public static DirectorySource of(Path model) {
    return new DirectorySource(model);
  }

  @Override
  public String name() throws IOException {
    return ModelPath.nameOf(model);
  }

  @Override
  public String location() {
    return model.toString();
  }

  @Override
  public Optional<String> nameOf(Path file) throws IOException {
    return ModelPath.within(model, file);
  }

  @Override
  public void list(Selection selection, Optional<Hashing> hashing, Listing listing)
      throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(model, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    boolean link = attributes.isSymbolicLink();
    if (link && !selection.followsLinks()) {
      throw new FileSystemException(
          model.toString(),
          null,
          "is a symbolic link, which is not allowed here;"
              + " give the path that it leads to (OMS 6.1.1)");
    }
    if (link) {
      attributes = Files.readAttributes(model, BasicFileAttributes.class);
    }
    if (attributes.isDirectory()) {
      ModelWalk walk = new ModelWalk(model, selection, selection.followsLinks(), hashing, listing);
      LocalDigester.hasher(hashing.orElse(ONLY_LISTING))
          .scan(walk, ModelWalk.top(), new FoundDirectory(model, attributes.fileKey(), link));
      walk.end();
    } else if (attributes.isRegularFile()) {
      listFile(attributes, link, hashing, listing);
    } else {
      throw new FileSystemException(
          model.toString(), null, "a model is a directory or a regular file, this is neither");
    }
  }

  /** The parameters if only the listing is needed, for which the engine uses threads too. */
  static final Hashing ONLY_LISTING =
      new Hashing(HashAlgorithm.SHA256, OptionalLong.empty(), 1, HashProgress.NONE);

  private void listFile(
      BasicFileAttributes attributes, boolean link, Optional<Hashing> hashing, Listing listing)
      throws IOException {
    boolean nameless = PathNames.lastComponent(model.toAbsolutePath()) == null;
    String name = nameless ? NAMELESS : ModelPath.nameOf(model);
    listing.singleFile();
    long rangeSize = hashing.map(LocalDigester::rangeSize).orElse(HashInput.WHOLE);
    LocalFile file =
        new LocalFile(
            name.getBytes(StandardCharsets.UTF_8),
            FileHash.of(model, attributes, rangeSize, link),
            new ChangeTimes());
    if (!listing.wants(file)) {
      return;
    }
    if (hashing.isEmpty()) {
      listing.file(file);
      return;
    }
    List<HashOutcome> outcomes = new ArrayList<>();
    LocalDigester.INSTANCE.digest(List.of(file), hashing.get(), outcomes::add);
    listing.hashed((Hashed) outcomes.get(0));
  }
}
