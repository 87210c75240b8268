package dev.modelsigning;

import dev.modelsigning.manifest.ResourceDescriptor;
import dev.modelsigning.model.ModelFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.OptionalLong;

/**
 * A channel over a file with digests of shards: each shard is read and checked against its digest
 * when it is needed. The last shard is cached.
 */
final class ProvedShards implements SeekableByteChannel {

  private final SignedContent content;
  private final String name;
  private final ModelFile file;
  private final List<ResourceDescriptor> parts;
  private final long shardSize;

  // Guarded by this.
  private byte[] shard = new byte[0];
  private long number = -1;
  private long position;
  private boolean open = true;

  ProvedShards(
      SignedContent content,
      String name,
      ModelFile file,
      List<ResourceDescriptor> parts,
      long shardSize)
      throws ModelMismatchException {
    this.content = content;
    this.name = name;
    this.file = file;
    this.parts = parts;
    this.shardSize = shardSize;
    // The number of shards does not determine the length of the file; the name of the last shard
    // does.
    String last = parts.get(parts.size() - 1).name();
    long signed = Long.parseLong(last.substring(last.lastIndexOf(':') + 1));
    if (signed != file.size()) {
      throw content.changed(name, signed + " bytes", file.size() + " bytes");
    }
  }

  @Override
  public synchronized int read(ByteBuffer target) throws IOException {
    requireOpen();
    if (!target.hasRemaining()) {
      return 0;
    }
    if (position >= file.size()) {
      return -1;
    }
    load(position / shardSize);
    int offset = (int) (position % shardSize);
    int length = Math.min(target.remaining(), shard.length - offset);
    target.put(shard, offset, length);
    position += length;
    return length;
  }

  private void load(long wanted) throws IOException {
    if (wanted == number) {
      return;
    }
    long from = wanted * shardSize;
    byte[] bytes = SignedFiles.read(file, from, (int) Math.min(shardSize, file.size() - from));
    try {
      content.prove(
          name,
          new MemoryFile(file, bytes),
          List.of(parts.get((int) wanted)),
          OptionalLong.empty());
    } catch (ModelMismatchException e) {
      throw new IOException(e.getMessage(), e);
    }
    shard = bytes;
    number = wanted;
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public synchronized long position() throws ClosedChannelException {
    requireOpen();
    return position;
  }

  @Override
  public synchronized SeekableByteChannel position(long newPosition) throws ClosedChannelException {
    requireOpen();
    if (newPosition < 0) {
      throw new IllegalArgumentException("a negative position: " + newPosition);
    }
    position = newPosition;
    return this;
  }

  @Override
  public synchronized long size() throws ClosedChannelException {
    requireOpen();
    return file.size();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public synchronized boolean isOpen() {
    return open;
  }

  @Override
  public synchronized void close() {
    open = false;
  }

  private void requireOpen() throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
  }
}
