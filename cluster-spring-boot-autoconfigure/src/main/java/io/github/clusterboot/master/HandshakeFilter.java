package io.github.clusterboot.master;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.Socket;

/**
 * A filter that lets a listening socket begin no new handshake, while those under way
 * complete.
 * <p>
 * A listening socket that is closed resets every connection in its queue, and one that
 * arrives between the last {@code accept(2)} and the close cannot be accepted any more.
 * Behind this filter the queue runs dry first: the kernel drops {@code SYN} segments, so
 * a client repeats its own after a second and is refused by then. Connections inherit the
 * filter, which is harmless to them.
 * <p>
 * The program is one of the classic packet filter that {@code socket(7)} describes under
 * {@code SO_ATTACH_FILTER}. It is given a segment from its TCP header on. An instruction
 * is a {@code struct sock_filter} of {@code linux/filter.h}:
 *
 * <pre>
 *  0       2       3       4               8
 * +-------+-------+-------+---------------+
 * | code  | jump  | jump  | operand       |
 * |       | if    | if not|               |
 * +-------+-------+-------+---------------+
 * </pre>
 */
final class HandshakeFilter {

	private static final int SOL_SOCKET = 1;

	private static final int SO_ATTACH_FILTER = 26;

	/** {@code BPF_LD | BPF_B | BPF_ABS}: load the byte at the operand. */
	private static final int LOAD_BYTE = 0x30;

	/** {@code BPF_JMP | BPF_JSET | BPF_K}: jump if a bit of the operand is set. */
	private static final int JUMP_IF_SET = 0x45;

	/** {@code BPF_RET | BPF_K}: keep as many bytes as the operand says. */
	private static final int RETURN = 0x06;

	/** Where the flags are in a TCP header, see RFC 9293. */
	private static final int TCP_FLAGS = 13;

	private static final int TCP_SYN = 0x02;

	private static final int NOTHING = 0;

	private static final int EVERYTHING = -1;

	private static final int INSTRUCTIONS = 4;

	private static final int INSTRUCTION_SIZE = 8;

	private HandshakeFilter() {
	}

	/**
	 * Attach the filter.
	 * @param socket a listening socket
	 * @throws IOException if the kernel does not take it
	 */
	static void attach(Socket socket) throws IOException {
		ByteBuffer program = direct(INSTRUCTIONS * INSTRUCTION_SIZE);
		instruction(program, LOAD_BYTE, 0, 0, TCP_FLAGS);
		instruction(program, JUMP_IF_SET, 0, 1, TCP_SYN);
		instruction(program, RETURN, 0, 0, NOTHING);
		instruction(program, RETURN, 0, 0, EVERYTHING);
		try {
			socket.setRawOpt(SOL_SOCKET, SO_ATTACH_FILTER, header(program));
		}
		finally {
			// the kernel has read the program through its bare address
			Reference.reachabilityFence(program);
		}
	}

	private static ByteBuffer direct(int size) {
		return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
	}

	private static void instruction(ByteBuffer program, int code, int jumpIf, int jumpIfNot, int operand) {
		program.putShort((short) code).put((byte) jumpIf).put((byte) jumpIfNot).putInt(operand);
	}

	/**
	 * Return a {@code struct sock_fprog}: the number of instructions, and where they are.
	 */
	private static ByteBuffer header(ByteBuffer program) {
		ByteBuffer header = direct(2 * Long.BYTES);
		header.putShort(0, (short) INSTRUCTIONS);
		header.putLong(Long.BYTES, Buffer.memoryAddress(program));
		return header;
	}

}
