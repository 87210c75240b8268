package dev.modelsigning.testing;

import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.Selection;
import dev.modelsigning.model.Version;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A model in a store of objects, without paths and without directories: names, sizes, versions,
 * pages of a listing, ranges of bytes. Tests can set an action for each call, and digests that it
 * knows.
 */
public final class ObjectStore implements ModelSource {

  /** Objects of a page of the listing. */
  private static final int PAGE = 2;

  private final List<String> names = new ArrayList<>();
  private final Map<String, Stored> objects = new ConcurrentHashMap<>();
  private final Map<String, FaultyFileSystem.Fault> faults = new ConcurrentHashMap<>();
  private final Map<String, Hashed> known = new HashMap<>();
  private final Set<String> forgotten = new HashSet<>();
  private String name = "model";
  private int versions;

  /** An empty store. */
  public ObjectStore() {}

  private static final class Stored {
    private final byte[] content;
    private final Tag tag;

    Stored(byte[] content, Tag tag) {
      this.content = content;
      this.tag = tag;
    }
  }

  private record Tag(int number) implements Version {
    @Override
    public String toString() {
      return "v" + number;
    }
  }

  /** Puts objects: name, content, name, content ... A name may be any, and be put twice. */
  public ObjectStore put(String... namesAndContents) {
    for (int i = 0; i < namesAndContents.length; i += 2) {
      names.add(namesAndContents[i]);
      replace(namesAndContents[i], namesAndContents[i + 1]);
    }
    return this;
  }

  /** Puts another version of an object, and does not list it once more. */
  public void replace(String name, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    objects.put(name, new Stored(bytes, new Tag(versions++)));
  }

  /** Takes an object away, and out of the listing. */
  public ObjectStore remove(String name) {
    names.remove(name);
    objects.remove(name);
    return this;
  }

  /** Takes an object away that stays in the listing. */
  public void lose(String name) {
    objects.remove(name);
  }

  /** Before a call: {@code list} and a number of objects, or another one and a name. */
  public ObjectStore before(String call, Object what, FaultyFileSystem.Fault fault) {
    faults.put(call + " " + what, fault);
    return this;
  }

  /** The listing comes with this digest, and the object is not hashed here. */
  public ObjectStore knows(String name, Evidence evidence, byte[]... digests) {
    known.put(name, new Hashed(new Found(name), List.of(digests), evidence));
    return this;
  }

  /** The listing asks about an object, and then hands nothing out. */
  public ObjectStore forget(String name) {
    forgotten.add(name);
    return this;
  }

  private void strike(String call, Object what) throws IOException {
    FaultyFileSystem.Fault fault = faults.get(call + " " + what);
    if (fault == null) {
      return;
    }
    try {
      fault.strike();
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("a fault that no store has", e);
    }
  }

  /** Gives the model another name. */
  public ObjectStore named(String other) {
    name = other;
    return this;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String location() {
    return "store:/bucket/model";
  }

  @Override
  public void list(Selection selection, Optional<Hashing> hashing, Listing listing)
      throws IOException {
    int told = 0;
    for (String name : List.copyOf(names)) {
      if (told % PAGE == 0) {
        strike("list", told);
      }
      told++;
      Found found = new Found(name);
      if (!listing.wants(found) || forgotten.contains(name)) {
        continue;
      }
      Hashed digests = known.get(name);
      if (digests == null) {
        listing.file(found);
      } else {
        listing.hashed(new Hashed(found, digests.digests(), digests.evidence()));
      }
    }
    strike("list", "end");
  }

  /** An object as the listing had it. */
  private final class Found implements ModelFile {
    private final String name;
    private final Stored stored;

    Found(String name) {
      this.name = name;
      this.stored = objects.get(name);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String location() {
      return ObjectStore.this.location() + "/" + name;
    }

    @Override
    public long size() {
      return stored.content.length;
    }

    @Override
    public Version version() {
      return stored.tag;
    }

    @Override
    public ReadableByteChannel open(long from, long to) throws IOException {
      strike("open", name);
      requireVersion();
      byte[] part = Arrays.copyOfRange(stored.content, (int) from, (int) to);
      return Channels.newChannel(
          new FilterInputStream(new ByteArrayInputStream(part)) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
              strike("read", name);
              return super.read(target, offset, length);
            }

            @Override
            public void close() throws IOException {
              strike("close", name);
              super.close();
            }
          });
    }

    @Override
    public void requireUnchanged() throws IOException {
      strike("restat", name);
      requireVersion();
    }

    private void requireVersion() throws IOException {
      Stored now = objects.get(name);
      if (now == null || !now.tag.equals(stored.tag)) {
        throw new IOException(
            "expected version " + stored.tag + ", found " + (now == null ? "none" : now.tag));
      }
    }

    @Override
    public boolean cheapRanges() {
      return true;
    }
  }
}
