package dev.modelsigning.cli.testing;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A mounted file system whose files are in this process. Other processes see it through the kernel
 * like any device, and a test chooses what happens at which of their requests: an error, a change,
 * a signal, or no answer. It speaks the kernel's protocol for file systems in user space (FUSE,
 * {@code linux/fuse.h}, version 7.31), and needs the right to mount.
 *
 * <p>Nothing is cached by the kernel: every read and every look at attributes comes here. A read
 * that would go beyond a byte at which something happens ends before it.
 */
public final class FuseFileSystem implements AutoCloseable {

  /** The requests at which something can happen, and their numbers in the protocol. */
  public enum Request {
    LOOKUP(1),
    GETATTR(3),
    SETATTR(4),
    UNLINK(10),
    RENAME(12),
    OPEN(14),
    READ(15),
    WRITE(16),
    STATFS(17),
    RELEASE(18),
    FSYNC(20),
    FLUSH(25),
    INIT(26),
    OPENDIR(27),
    READDIR(28),
    RELEASEDIR(29),
    CREATE(35);

    private final int number;

    Request(int number) {
      this.number = number;
    }
  }

  private static final int FORGET = 2;
  private static final int INTERRUPT = 36;
  private static final int BATCH_FORGET = 42;

  private static final int ENOENT = 2;
  private static final int ENOSYS = 38;

  /** No test takes as long as this; what does is stuck. */
  private static final int GUARD_SECONDS = 60;

  private static final int HEADER = 40;
  private static final int REPLY_HEADER = 16;
  private static final int MAX_WRITE = 64 * 1024;
  private static final int DIRECTORY_TYPE = 0040000;
  private static final int FILE_TYPE = 0100000;
  private static final int DIRECT_IO = 1;

  /** What happens. If it throws, it happens again the next time, otherwise only once. */
  @FunctionalInterface
  public interface Event {
    void happen(Call call) throws Errno, InterruptedException;
  }

  /** Answers a request with this error. */
  public static final class Errno extends Exception {
    private static final long serialVersionUID = 1L;

    private final int number;

    public Errno(int number) {
      super("errno " + number);
      this.number = number;
    }
  }

  private record Moment(Request request, String path, long position) {}

  private final LibC c = LibC.load();
  private final Path root;
  private final int device;
  private final Thread reader;
  private final ExecutorService answers = Executors.newCachedThreadPool(FuseFileSystem::daemon);
  private final Map<Moment, Event> events = new ConcurrentHashMap<>();
  private final Map<Long, Call> calls = new ConcurrentHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Node top;

  private FuseFileSystem(Path root) {
    this.root = root;
    nodes.add(null); // numbers begin with 1, the root
    top = new Node(null, "", true);
    number(top);
    device = c.open("/dev/fuse", LibC.O_RDWR | LibC.O_CLOEXEC);
    String options = "fd=" + device + ",rootmode=40000,user_id=0,group_id=0";
    try {
      c.mount("model-signing-test", root.toString(), "fuse", new NativeLong(0), options);
    } catch (LastErrorException e) {
      c.close(device);
      throw e;
    }
    reader = daemon(this::readRequests);
    reader.start();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "test-fuse");
    thread.setDaemon(true);
    return thread;
  }

  /** For {@code EnabledIf}: whether to run tests that mount, if that is possible, or required. */
  static boolean canMount() throws IOException, InterruptedException {
    if ("true".equals(System.getenv("MODEL_SIGNING_REQUIRE_MOUNTS"))) {
      return true;
    }
    if (!Files.isWritable(Path.of("/dev/fuse")) || !ToolProcess.canStart()) {
      return false;
    }
    Path directory = Files.createTempDirectory("fuse-");
    try (FuseFileSystem mounted = mount(directory)) {
      return mounted.root.equals(directory);
    } catch (LastErrorException e) {
      return false;
    } finally {
      Files.delete(directory);
    }
  }

  /** Mounts an empty file system on a directory. */
  public static FuseFileSystem mount(Path directory) {
    return new FuseFileSystem(directory);
  }

  @Override
  public void close() {
    c.umount2(root.toString(), LibC.MNT_DETACH);
    try {
      // It ends when no process uses the file system any more.
      reader.join(TimeUnit.SECONDS.toMillis(GUARD_SECONDS));
      answers.shutdownNow();
      if (reader.isAlive() || !answers.awaitTermination(GUARD_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("some process still uses " + root);
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
    c.close(device);
  }

  // What a test does with the files

  public Path path(String name) {
    return root.resolve(name);
  }

  /** A file of this content; the directories above it are made. */
  public FuseFileSystem write(String path, byte[] content) {
    return make(path, content, content.length);
  }

  /** A file of so many zeros. */
  public FuseFileSystem writeZeros(String path, long size) {
    return make(path, null, size);
  }

  private synchronized FuseFileSystem make(String path, byte[] content, long size) {
    Node parent = top;
    String[] names = path.split("/", -1);
    for (int i = 0; i < names.length - 1; i++) {
      Node directory = parent.children.get(names[i]);
      if (directory == null) {
        directory = new Node(parent, names[i], true);
        parent.children.put(names[i], directory);
      }
      parent = directory;
    }
    Node file = new Node(parent, names[names.length - 1], false);
    parent.children.put(file.name, file);
    file.content = content;
    file.size = size;
    return this;
  }

  /** Makes a file of zeros longer or shorter; its modification time stays. */
  public synchronized void resize(String path, long size) {
    find(path).size = size;
  }

  /** Puts another file of the same size, content and modification time into a file's place. */
  public synchronized void replace(String path) {
    Node old = find(path);
    make(path, old.content, old.size);
  }

  /** Removes a file, or a directory with all below it. */
  public synchronized void remove(String path) {
    Node node = find(path);
    node.parent.children.remove(node.name, node);
    node.empty();
  }

  /** The names in a directory. */
  public synchronized List<String> names(String path) {
    return List.copyOf(find(path).children.keySet());
  }

  /** The content of a file that was written. */
  public synchronized byte[] content(String path) {
    return find(path).content.clone();
  }

  private Node find(String path) {
    Node node = top;
    for (String name : path.isEmpty() ? new String[0] : path.split("/", -1)) {
      node = node.children.get(name);
    }
    return node;
  }

  /** Something happens before a request about a path is answered. */
  public FuseFileSystem before(Request request, String path, Event event) {
    events.put(new Moment(request, path, 0), event);
    return this;
  }

  /** Something happens before a byte of a file is handed out. */
  public FuseFileSystem beforeByte(long offset, String path, Event event) {
    events.put(new Moment(Request.READ, path, offset), event);
    return this;
  }

  /** Triggers an event after a directory was listed, before its end is reported. */
  public FuseFileSystem beforeEnd(String directory, Event event) {
    events.put(new Moment(Request.READDIR, directory, names(directory).size()), event);
    return this;
  }

  /** An error. */
  public static Event error(int errno) {
    return call -> {
      throw new Errno(errno);
    };
  }

  /** No answer, until the process that asks is to end. */
  public static void hang(Call call) throws Errno, InterruptedException {
    call.interrupted.await();
    throw new Errno(LibC.EINTR);
  }

  private static final class Node {
    private final Node parent;
    private final boolean directory;
    private final Map<String, Node> children = new TreeMap<>();
    private String name;
    private long number;
    private byte[] content;
    private long size;

    Node(Node parent, String name, boolean directory) {
      this.parent = parent;
      this.name = name;
      this.directory = directory;
    }

    /** Files that are open can still be read. */
    void empty() {
      children.values().forEach(Node::empty);
      children.clear();
    }

    String path() {
      return parent == null || parent.parent == null ? name : parent.path() + "/" + name;
    }
  }

  // Requests

  /** A request from the kernel. */
  public final class Call {
    private final int opcode;
    private final long id;
    private final Node node;
    private final ByteBuffer body;
    private final CountDownLatch interrupted = new CountDownLatch(1);

    private Call(ByteBuffer request) {
      opcode = request.getInt(4);
      id = request.getLong(8);
      node = node(request.getLong(16));
      request.position(HEADER);
      body = request.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    private String string() {
      int start = body.position();
      while (body.get() != 0) {}
      byte[] bytes = new byte[body.position() - 1 - start];
      body.get(start, bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }

    private boolean is(Request request) {
      return opcode == request.number;
    }
  }

  private synchronized Node node(long number) {
    return number < nodes.size() ? nodes.get((int) number) : null;
  }

  private void readRequests() {
    byte[] buffer = new byte[MAX_WRITE + 64 * 1024];
    while (true) {
      int length;
      try {
        length = c.read(device, buffer, new NativeLong(buffer.length)).intValue();
      } catch (LastErrorException e) {
        if (e.getErrorCode() == LibC.EINTR || e.getErrorCode() == ENOENT) {
          continue;
        }
        return; // unmounted
      }
      ByteBuffer request =
          ByteBuffer.wrap(Arrays.copyOf(buffer, length)).order(ByteOrder.LITTLE_ENDIAN);
      Call call = new Call(request);
      if (call.opcode == INTERRUPT) {
        Call meant = calls.get(call.body.getLong(0));
        if (meant != null) {
          meant.interrupted.countDown();
        }
      } else if (call.opcode != FORGET && call.opcode != BATCH_FORGET) {
        calls.put(call.id, call);
        answers.execute(() -> answer(call));
      }
    }
  }

  private void answer(Call call) {
    ByteBuffer reply = ByteBuffer.allocate(REPLY_HEADER + 1024 * 1024);
    reply.order(ByteOrder.LITTLE_ENDIAN).position(REPLY_HEADER);
    int error = 0;
    try {
      respond(call, reply);
    } catch (Errno e) {
      error = -e.number;
      reply.position(REPLY_HEADER);
    } catch (InterruptedException e) {
      return; // unmounted
    }
    calls.remove(call.id);
    reply.putInt(0, reply.position()).putInt(4, error).putLong(8, call.id);
    byte[] bytes = Arrays.copyOf(reply.array(), reply.position());
    try {
      c.write(device, bytes, new NativeLong(bytes.length));
    } catch (LastErrorException e) {
      if (e.getErrorCode() != ENOENT) { // no process waits for it any more
        throw e;
      }
    }
  }

  private void happen(Call call, Request request, String path, long position)
      throws Errno, InterruptedException {
    Moment moment = new Moment(request, path, position);
    Event event = events.remove(moment);
    if (event != null) {
      try {
        event.happen(call);
      } catch (Errno e) {
        events.put(moment, event);
        throw e;
      }
    }
  }

  private void respond(Call call, ByteBuffer reply) throws Errno, InterruptedException {
    if (call.is(Request.INIT)) {
      int readahead = call.body.getInt(8);
      reply.putInt(7).putInt(31).putInt(readahead).putInt(0);
      reply.putShort((short) 64).putShort((short) 48).putInt(MAX_WRITE).putInt(1);
      reply.put(new byte[36]);
    } else if (call.is(Request.LOOKUP)) {
      String name = call.string();
      happen(call, Request.LOOKUP, child(call.node, name), 0);
      putEntry(child(call.node.children, name), reply);
    } else if (call.is(Request.GETATTR) || call.is(Request.SETATTR)) {
      reply.putLong(0).putLong(0);
      putAttributes(call.node, reply);
    } else if (call.is(Request.OPEN) || call.is(Request.OPENDIR)) {
      happen(call, call.is(Request.OPEN) ? Request.OPEN : Request.OPENDIR, call.node.path(), 0);
      putOpened(call.node, reply);
    } else if (call.is(Request.READ)) {
      read(call, reply);
    } else if (call.is(Request.READDIR)) {
      list(call, reply);
    } else if (call.is(Request.CREATE)) {
      create(call, reply);
    } else if (call.is(Request.WRITE)) {
      write(call, reply);
    } else if (call.is(Request.FSYNC) || call.is(Request.FLUSH)) {
      happen(call, call.is(Request.FSYNC) ? Request.FSYNC : Request.FLUSH, parent(call.node), 0);
    } else if (call.is(Request.RENAME)) {
      rename(call);
    } else if (call.is(Request.UNLINK)) {
      String name = call.string();
      happen(call, Request.UNLINK, call.node.path(), 0);
      synchronized (this) {
        call.node.children.remove(name);
      }
    } else if (call.is(Request.STATFS)) {
      reply.put(new byte[40]).putInt(4096).putInt(255).putInt(4096).putInt(0).put(new byte[24]);
    } else if (!call.is(Request.RELEASE) && !call.is(Request.RELEASEDIR)) {
      throw new Errno(ENOSYS);
    }
  }

  private static String child(Node parent, String name) {
    return parent.parent == null ? name : parent.path() + "/" + name;
  }

  private static String parent(Node node) {
    return node.parent.path();
  }

  private synchronized Node child(Map<String, Node> children, String name) throws Errno {
    Node child = children.get(name);
    if (child == null) {
      throw new Errno(ENOENT);
    }
    return child;
  }

  private void read(Call call, ByteBuffer reply) throws Errno, InterruptedException {
    long offset = call.body.getLong(8);
    String path = call.node.path();
    happen(call, Request.READ, path, offset);
    long end = offset + call.body.getInt(16);
    for (Moment moment : events.keySet()) {
      if (moment.request() == Request.READ
          && moment.path().equals(path)
          && moment.position() > offset) {
        end = Math.min(end, moment.position());
      }
    }
    synchronized (this) {
      int length = (int) Math.max(0, Math.min(end, call.node.size) - offset);
      if (call.node.content == null) {
        reply.put(new byte[length]);
      } else {
        reply.put(call.node.content, (int) offset, length);
      }
    }
  }

  private void list(Call call, ByteBuffer reply) throws Errno, InterruptedException {
    int offset = (int) call.body.getLong(8);
    int size = call.body.getInt(16);
    happen(call, Request.READDIR, call.node.path(), offset);
    synchronized (this) {
      List<Node> entries = List.copyOf(call.node.children.values());
      for (int i = offset; i < entries.size(); i++) {
        byte[] name = entries.get(i).name.getBytes(StandardCharsets.UTF_8);
        int padded = (24 + name.length + 7) / 8 * 8;
        if (reply.position() - REPLY_HEADER + padded > size) {
          return;
        }
        reply.putLong(number(entries.get(i))).putLong(i + 1).putInt(name.length);
        reply.putInt(type(entries.get(i)) >> 12).put(name).put(new byte[padded - 24 - name.length]);
      }
    }
  }

  private void create(Call call, ByteBuffer reply) throws Errno, InterruptedException {
    call.body.position(16);
    String name = call.string();
    happen(call, Request.CREATE, call.node.path(), 0);
    synchronized (this) {
      Node file = new Node(call.node, name, false);
      file.content = new byte[0];
      call.node.children.put(name, file);
      putEntry(file, reply);
      putOpened(file, reply);
    }
  }

  private void write(Call call, ByteBuffer reply) throws Errno, InterruptedException {
    happen(call, Request.WRITE, parent(call.node), 0);
    int offset = (int) call.body.getLong(8);
    int length = call.body.getInt(16);
    synchronized (this) {
      Node file = call.node;
      file.content = Arrays.copyOf(file.content, Math.max(file.content.length, offset + length));
      file.size = file.content.length;
      call.body.get(40, file.content, offset, length);
    }
    reply.putInt(length).putInt(0);
  }

  private void rename(Call call) throws Errno, InterruptedException {
    Node directory = node(call.body.getLong());
    String from = call.string();
    String to = call.string();
    happen(call, Request.RENAME, call.node.path(), 0);
    synchronized (this) {
      Node file = child(call.node.children, from);
      call.node.children.remove(from);
      directory.children.put(to, file);
      file.name = to;
    }
  }

  private synchronized long number(Node node) {
    if (node.number == 0) {
      node.number = nodes.size();
      nodes.add(node);
    }
    return node.number;
  }

  private void putEntry(Node node, ByteBuffer reply) {
    reply.putLong(number(node)).putLong(0).putLong(0).putLong(0).putInt(0).putInt(0);
    putAttributes(node, reply);
  }

  private static void putOpened(Node node, ByteBuffer reply) {
    reply.putLong(0).putInt(node.directory ? 0 : DIRECT_IO).putInt(0);
  }

  private static int type(Node node) {
    return node.directory ? DIRECTORY_TYPE : FILE_TYPE;
  }

  private synchronized void putAttributes(Node node, ByteBuffer reply) {
    long time = TimeUnit.DAYS.toSeconds(20_000);
    reply.putLong(number(node)).putLong(node.size).putLong((node.size + 511) / 512);
    reply.putLong(time).putLong(time).putLong(time).putInt(0).putInt(0).putInt(0);
    reply.putInt(type(node) | (node.directory ? 0755 : 0644)).putInt(1);
    reply.putInt(0).putInt(0).putInt(0).putInt(4096).putInt(0);
  }
}
