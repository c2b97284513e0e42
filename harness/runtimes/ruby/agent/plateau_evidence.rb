# frozen_string_literal: true

require_relative 'plateau_roots'

module PlateauAgent
  # What is alive and where it was made. Needs ObjectSpace.trace_object_allocations_start.
  module Evidence
    SITES_MAX = 2_000
    CLASS_OF = Kernel.instance_method(:class)
    DESCRIPTORS = { 'TCPSocket' => 'tcp', 'TCPServer' => 'tcp', 'UDPSocket' => 'udp', 'UNIXSocket' => 'unix',
                    'UNIXServer' => 'unix', 'File' => 'file', 'Dir' => 'directory' }.freeze

    class << self
      def read
        { 'sites' => sites, 'threads' => threads, 'descriptors' => descriptors, 'holders' => Roots.holders }
      end

      private

      def sites
        groups = Hash.new { |hash, key| hash[key] = [0, 0] }
        ObjectSpace.each_object do |object|
          place = place_of(object) or next
          group = groups[[*place, class_name(object)]]
          group[0] += 1
          group[1] += ObjectSpace.memsize_of(object)
        end
        largest = groups.sort_by { |_, (_, bytes)| -bytes }.first(SITES_MAX)
        largest.map do |(file, line, type), (count, bytes)|
          { 'file' => located(file), 'line' => line, 'type' => type, 'count' => count, 'bytes' => bytes }
        end
      end

      def place_of(object)
        file = ObjectSpace.allocation_sourcefile(object)
        return if file.nil? || file.start_with?(__dir__)

        [file, ObjectSpace.allocation_sourceline(object)]
      end

      # Code that was evaluated from a text has no file.
      def located(file)
        path = File.expand_path(file, STARTED_IN)
        File.exist?(path) ? path : file
      end

      def class_name(object)
        CLASS_OF.bind_call(object).name || 'an anonymous class'
      end

      # A thread shows where its block is.
      def threads
        places = Thread.list.reject { |thread| PlateauAgent.own_thread?(thread) }.filter_map do |thread|
          thread.inspect[/ (\S+:\d+) /, 1]
        end
        places.tally.map do |place, count|
          file, _, line = place.rpartition(':')
          { 'file' => located(file), 'line' => line.to_i, 'count' => count }
        end
      end

      def descriptors
        groups = Hash.new(0)
        ObjectSpace.each_object(IO) do |io|
          next if io.closed?

          place = place_of(io) or next
          groups[[*place, class_name(io)]] += 1
        end
        groups.map do |(file, line, type), count|
          { 'file' => located(file), 'line' => line, 'type' => type, 'kind' => DESCRIPTORS[type],
            'count' => count }
        end
      end
    end
  end
end
